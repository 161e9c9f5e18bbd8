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
/** The same of a target that has not run since: only others can have changed what it would say. */
const LEAST_RARE_ASLEEP_MS = 60_000;
/** Share of one core that all rare probes may take together. */
const RARE_SHARE = 0.001;
/** What a first reading is taken to cost. */
const UNKNOWN_COST_MS = 1;

/** `asleep`: it has not run since it was read. `ended`: what still answers is read once more. */
export type TargetState = 'awake' | 'asleep' | 'ended';

export class Schedule {
  readonly #clock: Clock;
  #intervalMs: number;
  #rareSpentMs = 0;

  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  set intervalMs(value: number) {
    this.#intervalMs = value;
  }

  isDue(open: OpenProbe, moment: Moment, target: TargetState): boolean {
    switch (open.probe.cadence) {
      case 'tick':
        return true;
      case 'slow':
        return (
          target === 'ended' || (open.probe.moved?.() ?? false) || moment.atMs - open.lastMs >= this.slowMs
        );
      case 'rare':
        return target !== 'ended' && this.#isRareDue(open, moment, target);
    }
  }

  /** Runs one reading of a rare probe and notes what it took. */
  time(open: OpenProbe, sample: () => SampleResult): SampleResult {
    const startMs = this.#clock.monotonicMs();
    const result = sample();
    open.lastCostMs = this.#clock.monotonicMs() - startMs;
    this.#rareSpentMs += open.lastCostMs;
    return result;
  }

  /** What is read every few ticks is read this often. */
  get slowMs(): number {
    return Math.max(LEAST_SLOW_MS, SLOW_TICKS * this.#intervalMs);
  }

  #isRareDue(open: OpenProbe, moment: Moment, target: TargetState): boolean {
    const wasRead = open.lastMs >= open.openedMs;
    const leastMs = target === 'asleep' && wasRead ? LEAST_RARE_ASLEEP_MS : LEAST_RARE_MS;
    if (moment.atMs - Math.max(open.openedMs, open.lastMs) < leastMs) return false;
    const cost = open.lastCostMs || UNKNOWN_COST_MS;
    return this.#rareSpentMs + cost <= moment.atMs * RARE_SHARE;
  }
}
