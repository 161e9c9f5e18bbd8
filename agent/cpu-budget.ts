/**
 * Keeps the agent within its CPU budget by stretching the interval: the cost of a tick divided by the interval must
 * stay under `share` of one core, less what the agent uses besides (which no interval changes), but never less than
 * half of it. The cost is averaged over some seconds, and one tick counts for no more than a few
 * times its due, so that a cold start changes nothing. The interval falls back only when half the budget would do, so
 * that it does not flutter.
 */
const AVERAGED_MS = 5000;
const MOST_TIMES_DUE = 4;
const LEAST_PART = 0.5;
const FACTORS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const LONGEST_INTERVAL_MS = 60_000;

export class CpuBudget {
  readonly #askedMs: number;
  readonly #share: number;
  /** CPU ms per ms. */
  #averageLoad = 0;
  #factor = 1;

  /** `share` of one core, 0.01 for 1 %. */
  constructor(askedMs: number, share: number) {
    this.#askedMs = askedMs;
    this.#share = share;
  }

  get intervalMs(): number {
    return Math.min(LONGEST_INTERVAL_MS, this.#askedMs * this.#factor);
  }

  /**
   * Notes the CPU time of one tick in ms, and answers whether `intervalMs` is another one now. `backgroundLoad`: what
   * is used besides the ticks, in CPU ms per ms.
   */
  spend(costMs: number, backgroundLoad = 0): boolean {
    const before = this.intervalMs;
    const share = Math.max(this.#share - backgroundLoad, this.#share * LEAST_PART);
    const load = Math.min(costMs / before, MOST_TIMES_DUE * share);
    this.#averageLoad += (load - this.#averageLoad) * Math.min(1, before / AVERAGED_MS);
    const needed = (this.#averageLoad / share) * before;
    if (needed > before) this.#stretchTo(needed);
    else if (needed * 2 < before && this.#factor > 1) this.#stretchTo(needed * 2);
    return this.intervalMs !== before;
  }

  /** The load at the new interval is taken to be that of the old one, spread over more or less time. */
  #stretchTo(intervalMs: number): void {
    const before = this.intervalMs;
    this.#factor = FACTORS.find((factor) => this.#askedMs * factor >= intervalMs) ?? 1000;
    this.#averageLoad *= before / this.intervalMs;
  }
}
