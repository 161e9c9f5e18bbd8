import { type KubeConfig, Watch } from '@kubernetes/client-node';

/**
 * The library's watch, with two things mended: one that is asked for while it is being stopped (a reconnect that
 * waits its turn, a list under way) does not begin, and a failure before its first byte is told to its caller
 * instead of ending the process.
 */
export class GuardedWatch extends Watch {
  #isStopped = false;

  constructor(config: KubeConfig) {
    super(config);
  }

  stop(): void {
    this.#isStopped = true;
  }

  override async watch(
    ...[path, query, onObject, onEnd]: Parameters<Watch['watch']>
  ): Promise<AbortController> {
    if (this.#isStopped) return new AbortController();
    try {
      const controller = await super.watch(path, query, onObject, onEnd);
      if (this.#isStopped) controller.abort();
      return controller;
    } catch (error) {
      onEnd(error);
      return new AbortController();
    }
  }
}
