/** What the agent itself uses, since it began to measure. */
import type { RunTotals } from './totals.ts';

export class OwnCost {
  readonly #startUs: number;
  #lastUs: number;

  constructor() {
    this.#startUs = cpuUs();
    this.#lastUs = this.#startUs;
  }

  /** Notes the use so far in the totals and answers the CPU time since the last call, in ms, all threads together. */
  note(totals: RunTotals): number {
    const nowUs = cpuUs();
    const spentMs = (nowUs - this.#lastUs) / 1000;
    this.#lastUs = nowUs;
    totals.set('agentCpuSeconds', nowUs - this.#startUs);
    totals.peak('agentPeakRssBytes', process.memoryUsage.rss());
    return spentMs;
  }
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
