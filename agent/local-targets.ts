/**
 * The targets of a local run: a process and everything that it starts.
 *
 * A new process belongs to the run where its parent does. One whose parent ended before it was found (a daemon that
 * forked twice) is known by the run's id in its environment, which every child inherits; this needs no privilege and no
 * subreaper. What escapes: a process that both leaves its parent and clears its environment (or changes its user)
 * between two samples.
 */
import { RUN_ENVIRONMENT_VARIABLE } from '../protocol/names.ts';
import type { ProcessTable } from './process-table.ts';
import { readCommandLine } from './procfs/cmdline.ts';
import { environmentHolds } from './procfs/environ.ts';
import { listPids } from './procfs/list.ts';
import { readLastPid } from './procfs/loadavg.ts';
import { StatFile } from './procfs/stat.ts';
import type { FoundProcess, Targets } from './targets.ts';

export interface LocalTargetsOptions {
  readonly procRoot: string;
  /** The run's id, as it stands in the environment of its processes. */
  readonly run: string;
  readonly rootPid: number;
  /** The agent's own pid, recorded apart. */
  readonly ownPid: number;
  /** ms since the agent's epoch of a start time in clock ticks since boot. */
  readonly startMs: (startTicks: number) => number;
  /** True where the run found the root process running, and false where it began with it. */
  readonly attached: boolean;
  readonly recordArgs: boolean;
}

const TICK_MS = 10;

type Verdict = 'agent' | 'target' | 'stranger' | 'undecided';

export class LocalTargets implements Targets {
  readonly #options: LocalTargetsOptions;
  /** Pids of processes that are not ours. A pid is given again only after the kernel's counter has wrapped. */
  #strangers = new Set<number>();
  #lastPid = 0;

  constructor(options: LocalTargetsOptions) {
    this.#options = options;
  }

  discover(known: ProcessTable): FoundProcess[] {
    const lastPid = readLastPid(this.#options.procRoot);
    if (lastPid === this.#lastPid) return [];
    if (lastPid < this.#lastPid) this.#strangers.clear();
    this.#lastPid = lastPid;
    return this.#choose(this.#openNew(known), known);
  }

  args(pid: number): string | undefined {
    return this.#options.recordArgs ? readCommandLine(this.#options.procRoot, pid)?.join(' ') : undefined;
  }

  #openNew(known: ProcessTable): StatFile[] {
    const { procRoot } = this.#options;
    const strangers = new Set<number>();
    const opened: StatFile[] = [];
    for (const pid of listPids(procRoot)) {
      if (known.has(pid)) continue;
      if (this.#strangers.has(pid)) {
        strangers.add(pid);
        continue;
      }
      const stat = StatFile.open(procRoot, pid);
      if (stat !== undefined) opened.push(stat);
    }
    this.#strangers = strangers;
    return opened.sort((a, b) => a.startTicks - b.startTicks || a.pid - b.pid);
  }

  #choose(opened: readonly StatFile[], known: ProcessTable): FoundProcess[] {
    const found = new Map<number, FoundProcess>();
    for (const stat of opened) {
      const parent = known.get(stat.ppid) ?? found.get(stat.ppid);
      const verdict = this.#judge(stat, parent?.role === 'target');
      if (verdict === 'agent' || verdict === 'target') found.set(stat.pid, this.#found(stat, verdict));
      else stat.close();
      if (verdict === 'stranger') this.#strangers.add(stat.pid);
      if (verdict === 'undecided') this.#lastPid = Number.NaN;
    }
    return [...found.values()];
  }

  #judge(stat: StatFile, hasTargetParent: boolean): Verdict {
    const { procRoot, run, rootPid, ownPid } = this.#options;
    if (stat.pid === ownPid) return 'agent';
    if (stat.pid === rootPid || hasTargetParent) return 'target';
    if (this.#isOlderThanRun(stat)) return 'stranger';
    switch (environmentHolds(procRoot, stat.pid, RUN_ENVIRONMENT_VARIABLE, run)) {
      case 'yes':
        return 'target';
      case 'no':
        return 'stranger';
      case 'unknown':
        return stat.hasEnded ? 'stranger' : 'undecided';
    }
  }

  /** What began before the command that we started cannot be its child; start times are exact to a clock tick. */
  #isOlderThanRun(stat: StatFile): boolean {
    return !this.#options.attached && this.#options.startMs(stat.startTicks) < -2 * TICK_MS;
  }

  #found(stat: StatFile, role: 'agent' | 'target'): FoundProcess {
    const startMs = this.#options.startMs(stat.startTicks);
    const bornInRun = role === 'target' && (!this.#options.attached || startMs >= 0);
    return {
      pid: stat.pid,
      role,
      container: undefined,
      stat,
      bornInRun,
      startMs: bornInRun ? Math.max(0, startMs) : startMs,
    };
  }
}
