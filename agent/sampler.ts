/**
 * Takes one sample of everything that is measured, each time it is asked.
 *
 * A tick has two passes. First every process is read, parents before children, and those that are gone are found;
 * new ones are looked for. Then the rows are corrected (reaped-children.ts), counted into the totals and kept. Of a
 * process that has not run since the tick before (procfs/sleep-watch.ts) the row is kept once more, unread.
 */

import type { ContainerTarget } from './containers.ts';
import { MeasuredProcess } from './measured-process.ts';
import type { Metric, MetricContext, Moment } from './metrics/metric.ts';
import { ProbeSet, type Subject } from './probe-set.ts';
import { ProcessTable, type TrackedProcess } from './process-table.ts';
import { isThere } from './procfs/presence.ts';
import { programName } from './procfs/program-name.ts';
import { SleepWatch } from './procfs/sleep-watch.ts';
import type { Recorder } from './recorder.ts';
import type { Schedule } from './schedule.ts';
import { SharedProbes } from './shared-probes.ts';
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
  /** Where an end is told as well as looked for: how long ago it may be at most when it is seen, ms. */
  readonly latestEndMs?: (pid: number) => number | undefined;
  /** Called once for every process that is seen to have ended. */
  readonly onEnd: (process: TrackedProcess) => void;
}

/** Up to this many processes the watch between ticks reads their state, which tells a zombie too. */
const MOST_WATCHED_BY_STATE = 16;

export class Sampler {
  readonly #parts: SamplerParts;
  readonly #table = new ProcessTable();
  readonly #measured = new Map<TrackedProcess, MeasuredProcess>();
  readonly #shared: SharedProbes;
  readonly #storage: StorageSampler;

  constructor(parts: SamplerParts) {
    this.#parts = parts;
    this.#shared = new SharedProbes(parts);
    this.#storage = new StorageSampler(parts, this.#table);
  }

  /** Starts to measure a container's cgroup. `bornInRun`: all that a cgroup of its own has counted is the run's. */
  addContainer(container: ContainerTarget, bornInRun = false): void {
    this.#parts.recorder.container({ index: container.index, name: container.name });
    this.#shared.addContainer(container, bornInRun);
    this.#storage.addContainer(container);
  }

  /** Starts to measure the host as a whole. */
  addHost(): void {
    this.#shared.addHost();
    this.#storage.addHost();
  }

  /** Takes a sample of everything. `atMs`: ms since the epoch; `last`: what is read seldom is read too. */
  tick(atMs: number, last = false): void {
    const { recorder, totals, schedule, targets } = this.#parts;
    const moment: Moment = { atMs };
    schedule.beginTick(moment);
    const { read, asleep, lost } = this.#readKnown(moment);
    // Their last rows are older than this tick.
    this.#lose(lost, atMs);
    const tick = recorder.tick(atMs);
    for (const measured of asleep) measured.repeat(tick, moment, schedule);
    for (const found of targets.discover(this.#table)) {
      const measured = this.#add(found, moment);
      if (this.#read(measured, moment)) read.push(measured);
    }
    for (const measured of read) measured.keep(tick, moment);
    this.#shared.sample(moment, tick, last);
    this.#storage.sample(moment, tick, last);
    totals.endTick(atMs);
  }

  /**
   * Between ticks: notes which processes have ended. Where there are few, their `stat` is read, which tells a zombie too
   * and is what remains of a process that is gone at the next look. A zombie's final row is taken at once: it may have
   * been waited for by the next tick. As in a tick, it is kept once those that it has waited for are known.
   */
  watchExits(atMs: number): void {
    const byState = this.#table.size <= MOST_WATCHED_BY_STATE;
    const lost: TrackedProcess[] = [];
    const ended: MeasuredProcess[] = [];
    for (const process of this.#table) {
      if (byState) this.#watchState(process, atMs, { lost, ended });
      else if (process.endMs !== undefined) continue;
      else if (isThere(this.#parts.context.procRoot, process.pid)) process.lastAliveMs = atMs;
      else this.#noteEnd(process, atMs);
    }
    this.#lose(lost, atMs);
    for (const measured of ended) measured.keep(this.#parts.recorder.tick(atMs), { atMs });
  }

  /** Notes that the process with this pid has ended; `boundMs`: no longer ago than this, where more is known than we saw. */
  noteEndOf(pid: number, atMs: number, boundMs?: number): void {
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
    this.#shared.close();
    this.#storage.close();
  }

  #readKnown(moment: Moment): { read: MeasuredProcess[]; asleep: MeasuredProcess[]; lost: TrackedProcess[] } {
    const read: MeasuredProcess[] = [];
    const asleep: MeasuredProcess[] = [];
    const lost: TrackedProcess[] = [];
    for (const process of this.#table) {
      const measured = this.#measuredOf(process);
      if (measured.sleptOn(moment, this.#parts.schedule)) asleep.push(measured);
      else if (process.stat.read() === 'gone') lost.push(process);
      else {
        measured.noteRead(moment);
        this.#noteExec(process, moment);
        if (this.#read(measured, moment)) read.push(measured);
      }
    }
    return { read, asleep, lost };
  }

  /** Reads the probes of a process whose `stat` was just read; answers whether there is a row to keep. */
  #read(measured: MeasuredProcess, moment: Moment): boolean {
    const { process } = measured;
    if (process.stat.hasEnded) this.#noteEnd(process, moment.atMs);
    else process.lastAliveMs = moment.atMs;
    return measured.read(moment, this.#parts.schedule);
  }

  #watchState(
    process: TrackedProcess,
    atMs: number,
    { lost, ended }: { readonly lost: TrackedProcess[]; readonly ended: MeasuredProcess[] },
  ): void {
    if (process.stat.read() === 'gone') {
      lost.push(process);
      return;
    }
    if (process.endMs !== undefined) return;
    const measured = this.#measuredOf(process);
    measured.noteWatched(atMs);
    if (!process.stat.hasEnded) process.lastAliveMs = atMs;
    else if (this.#read(measured, { atMs })) ended.push(measured);
  }

  /**
   * Processes that are gone were waited for: what each was last seen with is in its parent's counters now. All of them
   * were there at the last look, so those of a parent among them hold none of its children's; and children go first, as
   * it is the parent's own parent that has everything in its counters then.
   */
  #lose(lost: readonly TrackedProcess[], atMs: number): void {
    for (const process of lost) this.#measuredOf(process).keepLast(this.#parts.recorder);
    for (const process of lost.toReversed()) {
      this.#noteEnd(process, atMs);
      const parent = this.#table.get(process.stat.ppid);
      if (parent !== undefined) this.#measuredOf(parent).lose(this.#measuredOf(process));
      this.#forget(process);
    }
  }

  #add(found: FoundProcess, moment: Moment): MeasuredProcess {
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
    const measured = new MeasuredProcess(process, set, moment.atMs);
    this.#measured.set(process, measured);
    if (counted) totals.add('processes', 1);
    this.#parts.onStart?.(process);
    this.#record(process, found.stat.takeNewComm() ?? '');
    return measured;
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

  #forget(process: TrackedProcess): void {
    this.#measuredOf(process).close();
    this.#measured.delete(process);
    this.#table.remove(process);
  }

  #noteEnd(process: TrackedProcess, atMs: number, toldMs = Number.POSITIVE_INFINITY): void {
    if (process.endMs !== undefined) return;
    process.endMs = atMs;
    const { recorder, latestEndMs, onEnd } = this.#parts;
    const boundMs = Math.min(
      atMs - process.lastAliveMs,
      toldMs,
      latestEndMs?.(process.pid) ?? Number.POSITIVE_INFINITY,
    );
    recorder.end({
      index: process.index,
      endMs: Math.round(atMs),
      boundMs: Math.ceil(boundMs),
      exitCode: undefined,
    });
    onEnd(process);
  }

  #measuredOf(process: TrackedProcess): MeasuredProcess {
    const measured = this.#measured.get(process);
    if (measured === undefined) throw new Error(`process ${process.pid} is not measured`);
    return measured;
  }
}
