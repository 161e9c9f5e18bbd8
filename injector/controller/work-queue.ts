/**
 * Keys to be worked on: each one by one worker at a time, again when it changed meanwhile (after a rest, so that what
 * changes all the time is not worked on all the time), and later where it failed.
 */
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 300_000;
const REST_MS = 1000;
/** What is due later is looked at once more before. */
const LONGEST_TIMER_MS = 86_400_000;
const AT_ONCE = 4;

export interface WorkQueueOptions {
  /** Rejects where it has to be done again. Answers after how many ms it is to be done again though nothing changes. */
  readonly work: (key: string) => Promise<number | undefined>;
  /** Told of each failure, and when it is tried again; the answer may ask for a longer wait, in ms. */
  readonly failed: (key: string, error: unknown, retryMs: number) => number;
  readonly firstRetryMs?: number;
  readonly restMs?: number;
}

export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #due = new Set<string>();
  readonly #working = new Set<string>();
  readonly #resting = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #idle: (() => void)[] = [];
  #isClosed = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  add(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#due.add(key);
    this.#next();
  }

  /** Resolves when nothing is being worked on; what is due is dropped. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#due.clear();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    if (this.#working.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #next(): void {
    for (const key of this.#due) {
      if (this.#isClosed || this.#working.size >= AT_ONCE) return;
      if (this.#working.has(key) || this.#resting.has(key)) continue;
      this.#due.delete(key);
      this.#working.add(key);
      void this.#work(key).finally(() => {
        this.#working.delete(key);
        this.#rest(key);
        this.#next();
        if (this.#working.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
      });
    }
  }

  #rest(key: string): void {
    this.#resting.add(key);
    setTimeout(() => {
      this.#resting.delete(key);
      this.#next();
    }, this.#options.restMs ?? REST_MS).unref();
  }

  async #work(key: string): Promise<void> {
    const { work, failed, firstRetryMs = FIRST_RETRY_MS } = this.#options;
    try {
      const againInMs = await work(key);
      this.#failures.delete(key);
      if (againInMs !== undefined) this.#addAfter(key, againInMs);
    } catch (error) {
      if (this.#isClosed) return;
      const failures = this.#failures.get(key) ?? 0;
      this.#failures.set(key, failures + 1);
      const retryMs = Math.min(firstRetryMs * 2 ** failures, LONGEST_RETRY_MS);
      this.#addAfter(key, Math.max(retryMs, failed(key, error, retryMs)));
    }
  }

  #addAfter(key: string, ms: number): void {
    if (this.#isClosed || this.#due.has(key)) return;
    this.#timers.set(key, setTimeout(() => this.add(key), Math.min(ms, LONGEST_TIMER_MS)).unref());
  }
}
