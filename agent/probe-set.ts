/** The open probes of one subject, with the rows that they fill and the sums that these rows feed. */
import type { SubjectKindOnWire } from '../protocol/batch.ts';
import type { InclusiveCounter, Moment, Probe, SampleResult } from './metrics/metric.ts';
import type { ReapedChildren } from './reaped-children.ts';
import type { Recorder } from './recorder.ts';
import type { Rows } from './rows.ts';
import type { Schedule, TargetState } from './schedule.ts';
import { MeasureFeed, type RunTotals } from './totals.ts';

export interface Subject {
  readonly kind: SubjectKindOnWire;
  /** Index on the wire. */
  readonly index: number;
  /** True where all its use is the run's; false where it began before the run. */
  readonly bornInRun: boolean;
  /** False for the agent itself, which is recorded but not added up. */
  readonly counted: boolean;
  /** A container whose cgroup holds its own processes alone. */
  readonly ownsCgroup?: boolean;
}

export interface OpenProbe {
  readonly probe: Probe;
  readonly rows: Rows;
  readonly feed: MeasureFeed | undefined;
  /** ms since the epoch. */
  readonly openedMs: number;
  /** When it was sampled last, ms since the epoch; −∞ before the first time. */
  lastMs: number;
  /** What that took, ms of wall time. */
  lastCostMs: number;
  /** Whether the present tick has a row of it. */
  hasRow: boolean;
}

export class ProbeSet {
  readonly #recorder: Recorder;
  readonly #open: OpenProbe[];
  /** Counters that the kernel adds to a parent, as they were read last. */
  readonly inclusive: Float64Array;
  readonly #scratch: Float64Array;

  /** `openedMs`: ms since the epoch. */
  constructor(
    subject: Subject,
    probes: readonly Probe[],
    openedMs: number,
    recorder: Recorder,
    totals: RunTotals,
  ) {
    this.#recorder = recorder;
    this.#open = probes.map((probe) => ({
      probe,
      rows: recorder.openRows(subject.kind, subject.index, probe.columns),
      feed: newFeed(subject, totals, probe.columns),
      openedMs,
      lastMs: Number.NEGATIVE_INFINITY,
      lastCostMs: 0,
      hasRow: false,
    }));
    const counters = probes.reduce((sum, probe) => sum + (probe.inclusive?.length ?? 0), 0);
    this.inclusive = new Float64Array(counters).fill(Number.NaN);
    this.#scratch = new Float64Array(counters);
  }

  hasColumn(id: number | undefined): boolean {
    return this.#open.some(({ probe }) => probe.columns.some((column) => column === id));
  }

  /** First pass: reads every probe that is due. */
  read(moment: Moment, schedule: Schedule, target: TargetState): SampleResult {
    for (const open of this.#open) open.hasRow = false;
    for (const open of this.#open) {
      if (!schedule.isDue(open, moment, target)) continue;
      if (this.#sample(open, moment, schedule) === 'gone') return 'gone';
    }
    return 'read';
  }

  #sample(open: OpenProbe, moment: Moment, schedule: Schedule): SampleResult {
    const { probe, rows } = open;
    const result =
      probe.cadence === 'rare'
        ? schedule.time(open, () => probe.sample(rows.next, moment))
        : probe.sample(rows.next, moment);
    open.lastMs = moment.atMs;
    if (result === 'gone') {
      open.rows.discard();
      return 'gone';
    }
    open.hasRow = true;
    this.#noteInclusive(open);
    return 'read';
  }

  /**
   * In place of both passes, where the subject is known to be as it was: its rows are kept once more. What others may
   * have changed (rare probes) is read, and what goes on with time is counted on.
   */
  repeat(moment: Moment, schedule: Schedule, tick: number): void {
    for (const open of this.#open) {
      if (!schedule.isDue(open, moment, 'asleep')) continue;
      const { probe, rows, feed } = open;
      if (probe.cadence === 'rare') {
        if (this.#sample(open, moment, schedule) === 'gone') continue;
        feed?.note(rows.next);
        rows.append(tick);
        continue;
      }
      open.lastMs = moment.atMs;
      if (probe.sampleAsleep === undefined) {
        feed?.repeat();
        rows.repeat(tick);
      } else {
        probe.sampleAsleep(rows.next, moment);
        feed?.note(rows.next);
        rows.append(tick);
      }
    }
  }

  /** Second pass: takes known children out, feeds the totals and keeps the rows. */
  keep(tick: number, children: ReapedChildren | undefined): void {
    for (const open of this.#open) {
      if (!open.hasRow) continue;
      if (children !== undefined) this.#takeOut(open, children);
      open.feed?.note(open.rows.next);
      open.rows.append(tick);
    }
  }

  /**
   * In place of both passes, where the subject is gone: what was read of it after its last row is kept. `newTick` is
   * called where there is something to keep.
   */
  keepLast(newTick: () => number, children: ReapedChildren): void {
    for (const open of this.#open) {
      const { probe, rows } = open;
      open.hasRow = false;
      if (probe.sampleGone === undefined) continue;
      probe.sampleGone(rows.next);
      open.hasRow = rows.hasMoved;
      if (open.hasRow) this.#noteInclusive(open);
      else rows.discard();
    }
    if (this.#open.some(({ hasRow }) => hasRow)) this.keep(newTick(), children);
  }

  close(): void {
    for (const { probe, rows } of this.#open) {
      probe.close();
      this.#recorder.closeRows(rows);
    }
  }

  #noteInclusive({ probe, rows }: OpenProbe): void {
    const counters = probe.inclusive;
    if (counters === undefined) return;
    for (let i = 0; i < counters.length; i++) {
      const { at, own } = counters[i] as InclusiveCounter;
      const counted = (rows.next[at] as number) + (own === undefined ? 0 : (rows.next[own] as number));
      if (!Number.isNaN(counted)) this.inclusive[i] = counted;
    }
  }

  #takeOut({ probe, rows }: OpenProbe, children: ReapedChildren): void {
    const counters = probe.inclusive;
    if (counters === undefined) return;
    const values = this.#scratch;
    for (let i = 0; i < counters.length; i++)
      values[i] = rows.next[(counters[i] as InclusiveCounter).at] as number;
    children.apply(values);
    for (let i = 0; i < counters.length; i++)
      rows.next[(counters[i] as InclusiveCounter).at] = values[i] as number;
  }
}

function newFeed(
  { counted, bornInRun, ownsCgroup }: Subject,
  totals: RunTotals,
  columns: readonly number[],
): MeasureFeed | undefined {
  return counted ? new MeasureFeed(totals, columns, bornInRun, ownsCgroup) : undefined;
}
