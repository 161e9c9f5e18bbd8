/**
 * Tells within 10 ms that a container has ended, whatever the interval is. On cgroup v2 the kernel tells it itself:
 * `cgroup.events` changes when the last process is gone. Elsewhere the first process of each container is asked after
 * every 10 ms, which costs a wake-up each time.
 */
import { type FSWatcher, watch } from 'node:fs';
import type { Clock } from '../lib/clock.ts';
import { isThere } from './procfs/presence.ts';

const ASK_EVERY_MS = 10;

export interface ContainerEndsParts {
  readonly clock: Clock;
  /** The last process of some container may have ended just now. */
  readonly onEmpty: () => void;
  /** The first process of a container has ended, at most `boundMs` ago. */
  readonly onFirstEnd: (pid: number, boundMs: number) => void;
}

export class ContainerEnds {
  readonly #parts: ContainerEndsParts;
  /** With the /proc that each is looked for in. */
  readonly #asked = new Map<number, string>();
  readonly #watchers = new Set<FSWatcher>();
  #timer: NodeJS.Timeout | undefined;
  #askedMs = 0;

  constructor(parts: ContainerEndsParts) {
    this.#parts = parts;
  }

  /** `pid`: its first process, which is also the way to its cgroup's folder. */
  add(pid: number, procRoot: string): void {
    if (this.#watchCgroup(`${procRoot}/${pid}/root/sys/fs/cgroup/cgroup.events`)) return;
    this.#asked.set(pid, procRoot);
    if (this.#timer !== undefined) return;
    this.#askedMs = this.#parts.clock.monotonicMs();
    this.#timer = setInterval(() => this.ask(), ASK_EVERY_MS);
  }

  /** Out of turn, too, before others look less often: who sees an end first says how long ago it may have been. */
  ask(): void {
    const { clock, onFirstEnd } = this.#parts;
    const nowMs = clock.monotonicMs();
    for (const [pid, procRoot] of this.#asked) {
      if (isThere(procRoot, pid)) continue;
      this.#asked.delete(pid);
      onFirstEnd(pid, nowMs - this.#askedMs);
    }
    this.#askedMs = nowMs;
    if (this.#asked.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  close(): void {
    clearInterval(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
  }

  #watchCgroup(path: string): boolean {
    try {
      const watcher = watch(path, () => this.#parts.onEmpty());
      watcher.once('error', () => watcher.close());
      this.#watchers.add(watcher);
      return true;
    } catch {
      return false;
    }
  }
}
