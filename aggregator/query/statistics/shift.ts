/** By how much one sample lies above another. */
import type { Interval } from './bootstrap.ts';
import { sortedQuantile } from './quantile.ts';
import { shiftRank } from './rank-sum.ts';

export interface Shift {
  /** Hodges–Lehmann: the median of all differences between a value of `b` and one of `a`. */
  readonly estimate: number;
  /** Undefined where the samples are too small for one of the confidence asked for. */
  readonly interval: Interval | undefined;
}

/** The interval is the one that belongs to the Mann–Whitney test (Moses). Expects at least one value in each sample. */
export function shiftBetween(a: readonly number[], b: readonly number[], confidence: number): Shift {
  const differences = Float64Array.from(b.flatMap((after) => a.map((before) => after - before))).sort();
  const rank = shiftRank(a.length, b.length, confidence);
  return {
    estimate: sortedQuantile(differences, 0.5),
    interval:
      rank < 1
        ? undefined
        : { low: differences[rank - 1] as number, high: differences[differences.length - rank] as number },
  };
}
