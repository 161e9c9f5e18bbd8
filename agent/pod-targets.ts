/**
 * The targets in a pod: every process of its shared PID namespace but the pause process and those of the agent's own
 * container. The agent itself is recorded apart.
 */
import type { PodContainers } from './pod-containers.ts';
import type { ProcessTable } from './process-table.ts';
import { readCommandLine } from './procfs/cmdline.ts';
import { listPids } from './procfs/list.ts';
import { readLastPid } from './procfs/loadavg.ts';
import { StatFile } from './procfs/stat.ts';
import type { FoundProcess, Targets } from './targets.ts';

export interface PodTargetsOptions {
  readonly procRoot: string;
  readonly ownPid: number;
  readonly containers: PodContainers;
  /** ms since the agent's epoch of a start time in clock ticks since boot. */
  readonly startMs: (startTicks: number) => number;
  /** ms since the agent's epoch. */
  readonly nowMs: () => number;
  readonly recordArgs: boolean;
  /** False where an earlier agent has reported what processes used that began before this one. */
  readonly countsEarlier: boolean;
}

export class PodTargets implements Targets {
  readonly #options: PodTargetsOptions;
  /** Start time of each process that is none of ours, by pid: another one may be given the pid. */
  #strangers = new Map<number, number>();
  #lastPid = 0;

  constructor(options: PodTargetsOptions) {
    this.#options = options;
  }

  /** The list is read only where the kernel has given out a pid since, or something was left undecided. */
  discover(known: ProcessTable): FoundProcess[] {
    const lastPid = readLastPid(this.#options.procRoot);
    if (lastPid === this.#lastPid) return [];
    if (lastPid < this.#lastPid) this.#strangers.clear();
    this.#lastPid = lastPid;
    const found = new Map<number, FoundProcess>();
    for (const stat of this.#openNew(known)) {
      const parent = known.get(stat.ppid) ?? found.get(stat.ppid);
      const process = this.#find(stat, parent?.role === 'target' ? parent.container : undefined);
      if (process !== undefined) found.set(stat.pid, process);
      else stat.close();
    }
    return [...found.values()];
  }

  mayHaveNew(): boolean {
    return readLastPid(this.#options.procRoot) !== this.#lastPid;
  }

  args(pid: number): string | undefined {
    return this.#options.recordArgs ? readCommandLine(this.#options.procRoot, pid)?.join(' ') : undefined;
  }

  /** Parents before their children. */
  #openNew(known: ProcessTable): StatFile[] {
    const { procRoot } = this.#options;
    const opened: StatFile[] = [];
    const strangers = new Map<number, number>();
    for (const pid of listPids(procRoot)) {
      if (known.has(pid)) continue;
      const startTicks = this.#strangers.get(pid);
      if (startTicks !== undefined) strangers.set(pid, startTicks);
      else {
        const stat = StatFile.open(procRoot, pid);
        if (stat !== undefined) opened.push(stat);
      }
    }
    this.#strangers = strangers;
    return opened.toSorted((a, b) => a.startTicks - b.startTicks || a.pid - b.pid);
  }

  #find(stat: StatFile, parentContainer: number | undefined): FoundProcess | undefined {
    const { ownPid, containers, nowMs } = this.#options;
    const startMs = this.#options.startMs(stat.startTicks);
    if (stat.pid === ownPid) return this.#found(stat, startMs, 'agent', undefined);
    if (parentContainer !== undefined) return this.#found(stat, startMs, 'target', parentContainer);
    const belonging = containers.of(stat, nowMs() - startMs);
    if (belonging.kind === 'container')
      return this.#found(stat, startMs, 'target', belonging.container.index);
    if (belonging.kind === 'stranger') this.#strangers.set(stat.pid, stat.startTicks);
    else this.#lastPid = Number.NaN;
    return undefined;
  }

  /** A container's processes are the run's from their start, be it before the agent's own, unless it was restarted. */
  #found(
    stat: StatFile,
    startMs: number,
    role: FoundProcess['role'],
    container: number | undefined,
  ): FoundProcess {
    const bornInRun = role === 'target' && (this.#options.countsEarlier || startMs >= 0);
    return { pid: stat.pid, role, container, stat, startMs, bornInRun };
  }
}
