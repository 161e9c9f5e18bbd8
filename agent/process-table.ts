/**
 * The processes that are being measured, in the order in which they were found: a parent stands before its children.
 *
 * A process is (boot id, pid, start time). Its `stat` file is kept open, and that file stays bound to the process: when
 * it answers "gone", the process has been waited for, whoever has its pid by then.
 */
import type { ProcessRole } from '../protocol/batch.ts';
import type { SleepWatch } from './procfs/sleep-watch.ts';
import type { StatFile } from './procfs/stat.ts';

export interface TrackedProcess {
  /** Number on the wire, never given twice. */
  readonly index: number;
  readonly pid: number;
  readonly role: ProcessRole;
  readonly parent: TrackedProcess | undefined;
  /** Index of its container; undefined in local runs. */
  readonly container: number | undefined;
  /** Holds what was read last. */
  readonly stat: StatFile;
  readonly sleep: SleepWatch;
  /** ms since the agent's epoch. */
  readonly startMs: number;
  /** True where it began within the run, so that all its use is the run's. */
  readonly bornInRun: boolean;
  /** Monotonic ms since the epoch at which it was last known to run. */
  lastAliveMs: number;
  /** Set once it is known to have ended. A zombie has ended and can still be read. */
  endMs: number | undefined;
}

export class ProcessTable {
  readonly #byPid = new Map<number, TrackedProcess>();
  #nextIndex = 0;

  get size(): number {
    return this.#byPid.size;
  }

  has(pid: number): boolean {
    return this.#byPid.has(pid);
  }

  get(pid: number): TrackedProcess | undefined {
    return this.#byPid.get(pid);
  }

  /** The oldest target of a container that has not ended; `container` undefined: of those that have none. */
  firstLiving(container: number | undefined): TrackedProcess | undefined {
    for (const process of this) {
      const isLiving = process.role === 'target' && process.endMs === undefined;
      if (isLiving && process.container === container) return process;
    }
    return undefined;
  }

  /** Parents before children. */
  [Symbol.iterator](): IterableIterator<TrackedProcess> {
    return this.#byPid.values();
  }

  add(found: Omit<TrackedProcess, 'index' | 'endMs'>): TrackedProcess {
    const process: TrackedProcess = { ...found, index: this.#nextIndex++, endMs: undefined };
    this.#byPid.set(process.pid, process);
    return process;
  }

  /** Forgets a process that is gone; its pid may be another's from now on. */
  remove(process: TrackedProcess): void {
    this.#byPid.delete(process.pid);
    process.stat.close();
    process.sleep.close();
  }
}
