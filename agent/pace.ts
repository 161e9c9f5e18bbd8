/**
 * When to sample. Ticks lie on a fixed grid of the monotonic clock (`origin + n × interval`), so that they neither
 * drift nor bunch: a tick that could not be taken in time is counted as missed and never made up for.
 */
export interface TickDue {
  /** Monotonic ms at which the tick was due. */
  readonly dueMs: number;
  /** Ticks that were due since the one before and were not taken. */
  readonly missed: number;
}

export class Pace {
  #originMs: number;
  #intervalMs: number;
  /** Grid position of the last tick taken; 0 is the origin itself. */
  #position = 0;

  constructor(originMs: number, intervalMs: number) {
    this.#originMs = originMs;
    this.#intervalMs = intervalMs;
  }

  get intervalMs(): number {
    return this.#intervalMs;
  }

  /** ms to wait from `nowMs` until the next tick is due; 0 where it is due already. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#originMs + (this.#position + 1) * this.#intervalMs - nowMs);
  }

  /** Takes the tick that is due at `nowMs` (the latest one, where several are), or undefined where none is. */
  take(nowMs: number): TickDue | undefined {
    const position = Math.floor((nowMs - this.#originMs) / this.#intervalMs);
    if (position <= this.#position) return undefined;
    const missed = position - this.#position - 1;
    this.#position = position;
    return { dueMs: this.#originMs + position * this.#intervalMs, missed };
  }

  /** Changes the interval. The new grid starts at the last tick taken. */
  stretch(intervalMs: number): void {
    this.#originMs += this.#position * this.#intervalMs;
    this.#position = 0;
    this.#intervalMs = intervalMs;
  }
}
