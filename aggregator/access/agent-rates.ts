/** How often each agent may send: many at once after a silence, then so many a second. */
import type { Clock } from '../../lib/clock.ts';

/** An agent sends every few seconds; one that delivers its spool sends as fast as it is answered. */
const BURST = 500;
const PER_SECOND = 20;
const MOST_REMEMBERED = 20_000;

interface Account {
  credit: number;
  atMs: number;
}

export class AgentRates {
  readonly #clock: Clock;
  /** By the pod's uid, the least recently used first. */
  readonly #accounts = new Map<string, Account>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Answers 0 where it may send now, else how long it should wait, in ms. */
  take(pod: string): number {
    const nowMs = this.#clock.monotonicMs();
    const account = this.#accounts.get(pod) ?? { credit: BURST, atMs: nowMs };
    account.credit = Math.min(BURST, account.credit + ((nowMs - account.atMs) / 1000) * PER_SECOND);
    account.atMs = nowMs;
    this.#accounts.delete(pod);
    this.#accounts.set(pod, account);
    const [oldest] = this.#accounts.keys();
    if (this.#accounts.size > MOST_REMEMBERED && oldest !== undefined) this.#accounts.delete(oldest);
    if (account.credit < 1) return (1000 * (1 - account.credit)) / PER_SECOND;
    account.credit -= 1;
    return 0;
  }
}
