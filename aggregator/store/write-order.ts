/** The order of writes within one process. */

/**
 * Two kinds of writes take turns. Shared ones (lmdb's asynchronous writes) run together and are committed in groups;
 * an exclusive one (a synchronous transaction) runs alone, because lmdb would make it a part of an asynchronous
 * transaction that is under way, and it would return before that one is on disk.
 */
export class WriteGate {
  #exclusive: Promise<unknown> = Promise.resolve();
  readonly #shared = new Set<Promise<unknown>>();

  shared<T>(task: () => Promise<T>): Promise<T> {
    const running = this.#exclusive.then(task);
    const settled: Promise<unknown> = running.then(ignore, ignore).then(() => this.#shared.delete(settled));
    this.#shared.add(settled);
    return running;
  }

  exclusive<T>(task: () => T | Promise<T>): Promise<T> {
    const running = Promise.all([this.#exclusive, ...this.#shared]).then(task);
    this.#exclusive = running.then(ignore, ignore);
    return running;
  }
}

/** Tasks of the same key run one after the other, whether or not those before succeeded. */
export class Sequencer {
  readonly #last = new Map<string, Promise<unknown>>();

  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const running = (this.#last.get(key) ?? Promise.resolve()).then(task);
    const settled: Promise<void> = running.then(ignore, ignore).then(() => {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    });
    this.#last.set(key, settled);
    return running;
  }
}

function ignore(): void {}
