/**
 * Tells within 10 ms that the first process of a container has ended, whatever the interval is. On cgroup v2 the kernel
 * tells it itself: `cgroup.events` changes when the last process is gone. Elsewhere the first processes are asked after
 * every 10 ms, which costs a wake-up each time.
 */
import { type FSWatcher, watch } from 'node:fs';
import { systemCode } from '../lib/errors.ts';

const ASK_EVERY_MS = 10;

export class ContainerEnds {
  readonly #onEnd: () => void;
  readonly #pids = new Set<number>();
  readonly #watchers = new Set<FSWatcher>();
  #timer: NodeJS.Timeout | undefined;

  /** `onEnd`: some container may have ended. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  /** `pid`: its first process, which is also the way to its cgroup's folder. */
  add(pid: number, procRoot: string): void {
    if (this.#watchCgroup(`${procRoot}/${pid}/root/sys/fs/cgroup/cgroup.events`)) return;
    this.#pids.add(pid);
    this.#timer ??= setInterval(() => this.#ask(), ASK_EVERY_MS);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
  }

  #watchCgroup(path: string): boolean {
    try {
      const watcher = watch(path, () => this.#onEnd());
      watcher.once('error', () => watcher.close());
      this.#watchers.add(watcher);
      return true;
    } catch {
      return false;
    }
  }

  #ask(): void {
    const gone = [...this.#pids].filter((pid) => !exists(pid));
    if (gone.length === 0) return;
    for (const pid of gone) this.#pids.delete(pid);
    if (this.#pids.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.#onEnd();
  }
}

/** Not permitted to signal it means that it is there. */
function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
