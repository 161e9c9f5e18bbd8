/**
 * Takes one sample of everything that is measured, each time it is asked.
 *
 * A tick has two passes. First every process is read, parents before children, and those that are gone are found;
 * new ones are looked for. Then the rows are corrected (reaped-children.ts), counted into the totals and kept. Of a
 * process that has not run since the tick before (procfs/sleep-watch.ts) the row is kept once more, unread.
 */

import { processExists } from '../lib/process-exists.ts';
import { columnByName } from '../protocol/metrics.ts';
import type { ContainerTarget } from './containers.ts';
import type { Metric, MetricContext, Moment, Probe } from './metrics/metric.ts';
import { ProbeSet, type Subject } from './probe-set.ts';
import { ProcessTable, type TrackedProcess } from './process-table.ts';
import { programName } from './procfs/program-name.ts';
import { SleepWatch } from './procfs/sleep-watch.ts';
import { ReapedChildren } from './reaped-children.ts';
import type { Recorder } from './recorder.ts';
import type { Schedule } from './schedule.ts';
import { StorageSampler } from './storage-sampler.ts';
import type { FoundProcess, Targets } from './targets.ts';
import type { RunTotals } from './totals.ts';

export interface SamplerParts {
  readonly metrics: readonly Metric[];
  readonly context: MetricContext;
  readonly targets: Targets;
  readonly recorder: Recorder;
  readonly totals: RunTotals;
  readonly schedule: Schedule;
  /** Called once for every process that is found. */
  readonly onStart?: (process: TrackedProcess) => void;
  /** Called once for every process that is seen to have ended. */
  readonly onEnd: (process: TrackedProcess) => void;
}

/** What is kept beside a tracked process while it is measured. */
interface Measured {
  readonly probes: ProbeSet;
  readonly children: ReapedChildren;
  /** A zombie's counters no longer move: one row of them is enough. */
  hasFinalRow: boolean;
  /** When `stat` was read last at a tick, ms since the epoch. */
  lastReadMs: number;
}

/** Up to this many processes the watch between ticks reads their state, which tells a zombie too. */
const MOST_WATCHED_BY_STATE = 16;

const PSI = columnByName('psiCpuSomeUs')?.id;

export class Sampler {
  readonly #parts: SamplerParts;
  readonly #table = new ProcessTable();
  readonly #measured = new Map<TrackedProcess, Measured>();
  readonly #shared: ProbeSet[] = [];
  readonly #storage: StorageSampler;

  constructor(parts: SamplerParts) {
    this.#parts = parts;
    this.#storage = new StorageSampler(parts, this.#table);
  }

  /** Starts to measure a container's cgroup. `bornInRun`: all that a cgroup of its own has counted is the run's. */
  addContainer(container: ContainerTarget, bornInRun = false): void {
    const { metrics, context, recorder } = this.#parts;
    recorder.container({ index: container.index, name: container.name });
    const probes = metrics.flatMap((metric) => metric.openContainer?.(container, context) ?? []);
    const { index, ownsCgroup } = container;
    const subject: Subject = {
      kind: 'container',
      index,
      counted: true,
      ownsCgroup,
      bornInRun: ownsCgroup && bornInRun,
    };
    this.#share(subject, probes);
    this.#storage.addContainer(container);
  }

  /** Starts to measure the host as a whole; its stalls are the run's where no container told its own. */
  addHost(): void {
    const { metrics, context } = this.#parts;
    const probes = metrics.flatMap((metric) => metric.openHost?.(context) ?? []);
    const counted = !this.#shared.some((set) => set.hasColumn(PSI));
    this.#share({ kind: 'host', index: 0, counted, bornInRun: false }, probes);
    this.#storage.addHost();
  }

  /** Takes a sample of everything. `atMs`: ms since the epoch; `last`: what is read seldom is read too. */
  tick(atMs: number, last = false): void {
    const { recorder, totals, schedule, targets } = this.#parts;
    const moment: Moment = { atMs };
    const tick = recorder.tick(atMs);
    const read = this.#readKnown(moment, tick);
    for (const found of targets.discover(this.#table)) {
      const process = this.#add(found, moment);
      if (this.#read(process, moment)) read.push(process);
    }
    for (const process of read) {
      const measured = this.#measuredOf(process);
      measured.probes.keep(tick, measured.children);
    }
    for (const probes of this.#shared) {
      if (probes.read(moment, schedule, last ? 'ended' : 'awake') === 'read') probes.keep(tick, undefined);
    }
    this.#storage.sample(moment, tick, last);
    totals.endTick(atMs);
  }

  /** Between ticks: notes which processes have ended. A zombie is told apart where there are few processes. */
  watchExits(atMs: number): void {
    const byState = this.#table.size <= MOST_WATCHED_BY_STATE;
    for (const process of this.#table) {
      if (process.endMs !== undefined) continue;
      if (byState ? readsAsRunning(process) : processExists(process.pid)) process.lastAliveMs = atMs;
      else this.#noteEnd(process, atMs);
    }
  }

  /** Notes that the process with this pid has ended no longer than `boundMs` ago, as its parent was told. */
  noteEndOf(pid: number, atMs: number, boundMs: number): void {
    const process = this.#table.get(pid);
    if (process !== undefined) this.#noteEnd(process, atMs, boundMs);
  }

  /** How many targets have not ended. */
  get living(): number {
    let living = 0;
    for (const { endMs, role } of this.#table) if (endMs === undefined && role === 'target') living++;
    return living;
  }

  /** Between ticks: whether a first target may have started, so that a container of a moment is not missed. */
  get mayHaveStarted(): boolean {
    return this.living === 0 && (this.#parts.targets.mayHaveNew?.() ?? false);
  }

  /** Closes every file. */
  close(): void {
    for (const process of [...this.#table]) this.#forget(process);
    for (const probes of this.#shared) probes.close();
    this.#storage.close();
  }

  /** Answers which processes have a row to keep. */
  #readKnown(moment: Moment, tick: number): TrackedProcess[] {
    const read: TrackedProcess[] = [];
    const lost: TrackedProcess[] = [];
    for (const process of this.#table) {
      const measured = this.#measuredOf(process);
      if (this.#sleptOn(process, measured, moment)) {
        process.lastAliveMs = moment.atMs;
        measured.probes.repeat(moment, this.#parts.schedule, tick);
      } else if (process.stat.read() === 'gone') lost.push(process);
      else {
        measured.lastReadMs = moment.atMs;
        process.sleep.note(process.stat);
        this.#noteExec(process, moment);
        if (this.#read(process, moment)) read.push(process);
      }
    }
    // Children first: where their parent is lost too, it is its own parent that has everything in its counters now.
    for (const process of lost.reverse()) this.#lose(process, moment);
    return read;
  }

  /** Whether its last row still holds. Its pages may have been taken away meanwhile: that is looked at now and then. */
  #sleptOn(process: TrackedProcess, measured: Measured, moment: Moment): boolean {
    if (!process.sleep.sleptOn()) return false;
    if (moment.atMs - measured.lastReadMs < this.#parts.schedule.slowMs) return true;
    measured.lastReadMs = moment.atMs;
    const { rssBytes } = process.stat;
    return process.stat.read() === 'read' && process.stat.rssBytes === rssBytes;
  }

  /** Reads the probes of a process whose `stat` was just read; answers whether there is a row to keep. */
  #read(process: TrackedProcess, moment: Moment): boolean {
    const measured = this.#measuredOf(process);
    if (measured.hasFinalRow) return false;
    const hasEnded = process.stat.hasEnded;
    if (hasEnded) this.#noteEnd(process, moment.atMs);
    else process.lastAliveMs = moment.atMs;
    measured.hasFinalRow = hasEnded;
    return measured.probes.read(moment, this.#parts.schedule, hasEnded ? 'ended' : 'awake') === 'read';
  }

  /** A process that is gone was waited for: what it was last seen with is in its parent's counters now. */
  #lose(process: TrackedProcess, moment: Moment): void {
    this.#noteEnd(process, moment.atMs);
    const parent = this.#table.get(process.stat.ppid);
    const { probes, children } = this.#measuredOf(process);
    if (parent !== undefined) this.#measuredOf(parent).children.lose(probes.inclusive, children);
    this.#forget(process);
  }

  #add(found: FoundProcess, moment: Moment): TrackedProcess {
    const { metrics, context, recorder, totals } = this.#parts;
    const parent = this.#table.get(found.stat.ppid);
    const process = this.#table.add({
      ...found,
      parent: parent?.role === found.role ? parent : undefined,
      sleep: new SleepWatch(context.procRoot, found.pid),
      lastAliveMs: moment.atMs,
    });
    const probes = metrics.flatMap((metric) => metric.openProcess?.(process, context) ?? []);
    const counted = process.role === 'target';
    const subject: Subject = { kind: 'process', index: process.index, bornInRun: process.bornInRun, counted };
    const set = new ProbeSet(subject, probes, moment.atMs, recorder, totals);
    const children = new ReapedChildren(set.inclusive.length);
    this.#measured.set(process, { probes: set, children, hasFinalRow: false, lastReadMs: moment.atMs });
    if (counted) totals.add('processes', 1);
    this.#parts.onStart?.(process);
    this.#record(process, found.stat.takeNewComm() ?? '');
    return process;
  }

  #noteExec(process: TrackedProcess, moment: Moment): void {
    const comm = process.stat.takeNewComm();
    if (comm === undefined) return;
    this.#record(process, comm);
    const { metrics, context } = this.#parts;
    for (const metric of metrics) metric.execed?.(process, comm, moment, context);
  }

  #record(process: TrackedProcess, comm: string): void {
    const { context, recorder, targets } = this.#parts;
    recorder.process({
      index: process.index,
      pid: process.pid,
      parent: process.parent?.index,
      role: process.role,
      startMs: Math.round(process.startMs),
      comm: programName(context.procRoot, process.pid, comm),
      args: targets.args(process.pid),
      container: process.container,
    });
  }

  #share(subject: Subject, probes: readonly Probe[]): void {
    if (probes.length === 0) return;
    const { recorder, totals } = this.#parts;
    this.#shared.push(new ProbeSet(subject, probes, 0, recorder, totals));
  }

  #forget(process: TrackedProcess): void {
    this.#measuredOf(process).probes.close();
    this.#measured.delete(process);
    this.#table.remove(process);
  }

  #noteEnd(process: TrackedProcess, atMs: number, boundMs = atMs - process.lastAliveMs): void {
    if (process.endMs !== undefined) return;
    process.endMs = atMs;
    const { recorder, onEnd } = this.#parts;
    recorder.end({
      index: process.index,
      endMs: Math.round(atMs),
      boundMs: Math.ceil(boundMs),
      exitCode: undefined,
    });
    onEnd(process);
  }

  #measuredOf(process: TrackedProcess): Measured {
    const measured = this.#measured.get(process);
    if (measured === undefined) throw new Error(`process ${process.pid} is not measured`);
    return measured;
  }
}

function readsAsRunning(process: TrackedProcess): boolean {
  return process.stat.read() === 'read' && !process.stat.hasEnded;
}
