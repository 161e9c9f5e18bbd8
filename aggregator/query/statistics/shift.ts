/** By how much one sample lies above another. */
import type { Interval } from './bootstrap.ts';
import { sortedQuantile } from './quantile.ts';
import { leastRankSumP, shiftRank } from './rank-sum.ts';

export interface Shift {
  /** Hodges–Lehmann: the median of all differences between a value of `b` and one of `a`. */
  readonly estimate: number;
  readonly interval: Interval;
  /** Of the interval: as asked for, or what is the most for samples as small as these. */
  readonly confidence: number;
}

/** The interval is the one that belongs to the Mann–Whitney test (Moses). Expects at least one value in each sample. */
export function shiftBetween(a: readonly number[], b: readonly number[], confidence: number): Shift {
  const differences = Float64Array.from(b.flatMap((after) => a.map((before) => after - before))).sort();
  const rank = shiftRank(a.length, b.length, confidence);
  const place = Math.max(1, rank);
  return {
    estimate: sortedQuantile(differences, 0.5),
    interval: {
      low: differences[place - 1] as number,
      high: differences[differences.length - place] as number,
    },
    confidence: rank < 1 ? 1 - leastRankSumP(a.length, b.length) : confidence,
  };
}
