/** What the agent itself uses, since it began to measure: all threads, and what its ticks take of it. */
import type { RunTotals } from './totals.ts';

export class OwnCost {
  readonly #startUs = cpuUs();
  readonly #startMs = performance.now();
  #ticksUs = 0;

  /** Runs one tick and answers its CPU time in ms. */
  timeTick(tick: () => void): number {
    const beforeUs = cpuUs();
    tick();
    const spentUs = cpuUs() - beforeUs;
    this.#ticksUs += spentUs;
    return spentUs / 1000;
  }

  /** CPU ms per ms of everything but the ticks: the watch for ends, storing, the live line. */
  get backgroundLoad(): number {
    const elapsedUs = 1000 * (performance.now() - this.#startMs);
    return elapsedUs === 0 ? 0 : (cpuUs() - this.#startUs - this.#ticksUs) / elapsedUs;
  }

  /** Puts the use so far into the totals. */
  note(totals: RunTotals): void {
    totals.set('agentCpuSeconds', cpuUs() - this.#startUs);
    totals.peak('agentPeakRssBytes', process.memoryUsage.rss());
  }
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
