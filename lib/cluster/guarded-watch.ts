import { type KubeConfig, Watch } from '@kubernetes/client-node';

/** What tells of an object; a bookmark and an error do not. */
const CHANGES = new Set(['ADDED', 'MODIFIED', 'DELETED']);

/**
 * The library's watch, with two things mended: one that is asked for while it is being stopped (a reconnect that
 * waits its turn, a list under way) does not begin, and a failure before its first byte is told to its caller
 * instead of ending the process.
 */
export class GuardedWatch<T = unknown> extends Watch {
  readonly #keep: ((object: T) => T) | undefined;
  #isStopped = false;

  /** `keep`: what goes on of an object that is watched. */
  constructor(config: KubeConfig, keep?: (object: T) => T) {
    super(config);
    this.#keep = keep;
  }

  stop(): void {
    this.#isStopped = true;
  }

  override async watch(
    ...[path, query, onObject, onEnd]: Parameters<Watch['watch']>
  ): Promise<AbortController> {
    if (this.#isStopped) return new AbortController();
    const keep = this.#keep;
    const onKept: typeof onObject =
      keep === undefined
        ? onObject
        : (phase, object, line) => onObject(phase, CHANGES.has(phase) ? keep(object) : object, line);
    try {
      const controller = await super.watch(path, query, onKept, onEnd);
      if (this.#isStopped) controller.abort();
      return controller;
    } catch (error) {
      onEnd(error);
      return new AbortController();
    }
  }
}
