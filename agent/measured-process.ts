/** One process while it is measured: its probes, the account of its children, and what is known of its last row. */
import type { Moment } from './metrics/metric.ts';
import type { ProbeSet } from './probe-set.ts';
import type { TrackedProcess } from './process-table.ts';
import { ReapedChildren } from './reaped-children.ts';
import type { Recorder } from './recorder.ts';
import type { Schedule } from './schedule.ts';

/** A tick has one row of a subject: what was read this soon after a row is not worth a row of its own. */
const LEAST_APART_MS = 1;

export class MeasuredProcess {
  readonly process: TrackedProcess;
  readonly #probes: ProbeSet;
  readonly #children: ReapedChildren;
  /** A zombie's counters no longer move: one row of them is enough. */
  #hasFinalRow = false;
  /** When `stat` was read last for a row, ms since the epoch. */
  #rowReadMs: number;
  /** When `stat` was read last, be it between ticks. */
  #readMs: number;
  /** Of the last row, be it the one before kept once more. */
  #keptMs = Number.NEGATIVE_INFINITY;

  /** `atMs`: when its `stat` was read. */
  constructor(process: TrackedProcess, probes: ProbeSet, atMs: number) {
    this.process = process;
    this.#probes = probes;
    this.#children = new ReapedChildren(probes.inclusive.length);
    this.#rowReadMs = atMs;
    this.#readMs = atMs;
  }

  /** Whether its last row still holds. Its pages may have been taken away meanwhile: that is looked at now and then. */
  sleptOn({ atMs }: Moment, { slowMs }: Schedule): boolean {
    if (!this.process.sleep.sleptOn()) return false;
    if (atMs - this.#rowReadMs < slowMs) return true;
    this.#rowReadMs = atMs;
    const { rssBytes } = this.process.stat;
    return this.process.stat.read() === 'read' && this.process.stat.rssBytes === rssBytes;
  }

  /** Its `stat` was read with success for a row. */
  noteRead({ atMs }: Moment): void {
    this.#rowReadMs = atMs;
    this.#readMs = atMs;
    this.process.sleep.note(this.process.stat);
  }

  /** Its `stat` was read with success between ticks. */
  noteWatched(atMs: number): void {
    this.#readMs = atMs;
  }

  /** Reads the probes after `stat`; answers whether there is a row to keep. */
  read(moment: Moment, schedule: Schedule): boolean {
    if (this.#hasFinalRow) return false;
    const { hasEnded } = this.process.stat;
    const isRead = this.#probes.read(moment, schedule, hasEnded ? 'ended' : 'awake') === 'read';
    this.#hasFinalRow = isRead && hasEnded;
    return isRead;
  }

  keep(tick: number, { atMs }: Moment): void {
    this.#keptMs = atMs;
    this.#probes.keep(tick, this.#children);
  }

  /** In place of `read` and `keep` where it slept on. */
  repeat(tick: number, moment: Moment, schedule: Schedule): void {
    this.process.lastAliveMs = moment.atMs;
    this.#keptMs = moment.atMs;
    this.#probes.repeat(moment, schedule, tick);
  }

  /** It is gone: what its `stat` held when it was read last becomes its last row, at the time of that reading. */
  keepLast(recorder: Recorder): void {
    if (this.#hasFinalRow || this.#readMs - this.#keptMs < LEAST_APART_MS) return;
    this.#probes.keepLast(() => recorder.tick(this.#readMs), this.#children);
  }

  /** A child is gone and was waited for. */
  lose(child: MeasuredProcess): void {
    this.#children.lose(child.#probes.inclusive, child.#children);
  }

  close(): void {
    this.#probes.close();
  }
}
