/**
 * Which probes are read at a tick. `tick` probes always; `slow` ones every few ticks, or at once where the probe says
 * that something moved; `rare` ones, whose cost grows with the size of the target, from a time budget of their own. From
 * time to time those of all targets are read in a round: at one tick, so that their sum is of one moment.
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
/** A round that takes more of an interval would hold up the tick: it is read bit by bit, and makes no sum. */
const MOST_OF_INTERVAL = 0.5;
/** What a first reading is taken to cost. */
const UNKNOWN_COST_MS = 1;

/** `asleep`: it has not run since it was read. `ended`: what still answers is read once more. */
export type TargetState = 'awake' | 'asleep' | 'ended';

export class Schedule {
  readonly #clock: Clock;
  #intervalMs: number;
  #rareSpentMs = 0;
  #roundMs = Number.NEGATIVE_INFINITY;
  #nextRoundMs = LEAST_RARE_MS;
  /** What the last round took. */
  #roundCostMs = 0;
  /** The budget did not suffice for all of the round at this tick. */
  #isRoundShort = false;
  /** Nothing else is read: a round is not finished, or the budget does not pay for the next, which is due. */
  #isForRound = false;

  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  set intervalMs(value: number) {
    this.#intervalMs = value;
  }

  /** Before the readings of a tick: whether a round begins. In a run's first minute they come soon, later like those of sleepers. */
  beginTick({ atMs }: Moment): void {
    const isUnfinished = this.#isRoundShort;
    this.#isRoundShort = false;
    const isDue = !isUnfinished && atMs >= this.#nextRoundMs;
    const isPaid =
      this.#roundCostMs > MOST_OF_INTERVAL * this.#intervalMs ||
      this.#rareSpentMs + this.#roundCostMs <= atMs * RARE_SHARE;
    this.#isForRound = isUnfinished || (isDue && !isPaid);
    if (!isDue || !isPaid) return;
    this.#roundMs = atMs;
    this.#nextRoundMs = Math.min(2 * atMs, atMs + LEAST_RARE_ASLEEP_MS);
    this.#roundCostMs = 0;
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

  /** Runs one reading of a rare probe, whose `lastMs` is that of the one before, and notes what it took. */
  time(open: OpenProbe, sample: () => SampleResult): SampleResult {
    const startMs = this.#clock.monotonicMs();
    const result = sample();
    open.lastCostMs = this.#clock.monotonicMs() - startMs;
    this.#rareSpentMs += open.lastCostMs;
    if (this.#isOfRound(open)) this.#roundCostMs += open.lastCostMs;
    return result;
  }

  /** What is read every few ticks is read this often. */
  get slowMs(): number {
    return Math.max(LEAST_SLOW_MS, SLOW_TICKS * this.#intervalMs);
  }

  #isRareDue(open: OpenProbe, moment: Moment, target: TargetState): boolean {
    const isOfRound = this.#isOfRound(open);
    if (!isOfRound && (this.#isForRound || !this.#isOldEnough(open, moment, target))) return false;
    const cost = open.lastCostMs || UNKNOWN_COST_MS;
    const isPaid = this.#rareSpentMs + cost <= moment.atMs * RARE_SHARE;
    if (isOfRound && !isPaid) this.#isRoundShort = true;
    return isPaid;
  }

  #isOldEnough({ feed, openedMs, lastMs }: OpenProbe, { atMs }: Moment, target: TargetState): boolean {
    // The agent itself, which may be the largest of all, must not take what the round needs.
    if (feed === undefined && atMs === this.#roundMs) return false;
    const wasRead = lastMs >= openedMs;
    const leastMs = target === 'asleep' && wasRead ? LEAST_RARE_ASLEEP_MS : LEAST_RARE_MS;
    return atMs - Math.max(openedMs, lastMs) >= leastMs;
  }

  #isOfRound({ feed, openedMs, lastMs }: OpenProbe): boolean {
    return feed !== undefined && openedMs <= this.#roundMs && lastMs < this.#roundMs;
  }
}
