/** Time as an argument, so that a test can hold it. */
export interface Clock {
  /** ms on a clock that never steps (CLOCK_MONOTONIC), with fractions. Only differences mean anything. */
  monotonicMs(): number;
  /** ms since the Unix epoch. */
  wallMs(): number;
}

export const systemClock: Clock = {
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
  wallMs: () => Date.now(),
};
