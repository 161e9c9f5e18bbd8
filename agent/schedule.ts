/**
 * Which probes are read at a tick. `tick` probes always; `slow` ones every few ticks, or at once where the probe says
 * that something moved; `rare` ones, whose cost grows with the size of the target, from a time budget of their own.
 */
import type { Clock } from '../lib/clock.ts';
import type { Moment, SampleResult } from './metrics/metric.ts';
import type { OpenProbe } from './probe-set.ts';

const SLOW_TICKS = 10;
const LEAST_SLOW_MS = 1000;
/** A rare probe is read at most this often, and first when the target is this old. */
const LEAST_RARE_MS = 5000;
/** Share of one core that all rare probes may take together. */
const RARE_SHARE = 0.001;
/** What a first reading is taken to cost. */
const UNKNOWN_COST_MS = 1;

export class Schedule {
  readonly #clock: Clock;
  #intervalMs: number;
  #rareSpentMs = 0;
  readonly #opened = new WeakMap<OpenProbe, number>();

  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  set intervalMs(value: number) {
    this.#intervalMs = value;
  }

  /** `last`: the target has ended; what still answers is read once more. */
  isDue(open: OpenProbe, moment: Moment, last: boolean): boolean {
    switch (open.probe.cadence) {
      case 'tick':
        return true;
      case 'slow':
        return last || (open.probe.moved?.() ?? false) || moment.atMs - open.lastMs >= this.#slowMs;
      case 'rare':
        return !last && this.#isRareDue(open, moment);
    }
  }

  /** Runs one reading and notes when it was and what it took. */
  time(open: OpenProbe, moment: Moment, sample: () => SampleResult): SampleResult {
    if (open.probe.cadence !== 'rare') {
      open.lastMs = moment.atMs;
      return sample();
    }
    const startMs = this.#clock.monotonicMs();
    const result = sample();
    open.lastMs = moment.atMs;
    open.lastCostMs = this.#clock.monotonicMs() - startMs;
    this.#rareSpentMs += open.lastCostMs;
    return result;
  }

  get #slowMs(): number {
    return Math.max(LEAST_SLOW_MS, SLOW_TICKS * this.#intervalMs);
  }

  #isRareDue(open: OpenProbe, moment: Moment): boolean {
    const openedMs = this.#opened.get(open);
    if (openedMs === undefined) {
      this.#opened.set(open, moment.atMs);
      return false;
    }
    const since = Math.max(openedMs, open.lastMs);
    const cost = open.lastCostMs || UNKNOWN_COST_MS;
    return moment.atMs - since >= LEAST_RARE_MS && this.#rareSpentMs + cost <= moment.atMs * RARE_SHARE;
  }
}
