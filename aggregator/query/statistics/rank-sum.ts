/** Mann–Whitney (Wilcoxon rank-sum): whether two samples differ by more than chance would make them. */
import { normalTail } from './normal.ts';
import { rankSumDistribution } from './rank-sum-distribution.ts';
import { doubledRanks, tieSizes } from './ranks.ts';

/** Up to so many values in both samples together the distribution is counted out; above, it is as good as normal. */
export const MOST_EXACT_VALUES = 50;

/** Sums of shares differ in their last digits. */
const ROUNDING = 1e-12;

/**
 * The two-sided p: how often chance alone would set the rank sums of `a` and `b` at least as far apart. Exact up to
 * 50 values, with and without ties; above, the normal approximation with corrections for ties and continuity
 * (Hollander and Wolfe 1999, 4.1). 1 where all values are equal. Expects at least one value in each.
 */
export function rankSumP(a: readonly number[], b: readonly number[]): number {
  const all = [...a, ...b];
  const ties = tieSizes(all);
  const ranks = doubledRanks(all);
  const rankSum = ranks.slice(0, a.length).reduce((sum, rank) => sum + rank, 0);
  const distance = Math.abs(rankSum - a.length * (all.length + 1));
  if (all.length > MOST_EXACT_VALUES) return normalP(a.length, b.length, distance / 2, ties);
  // Without ties every rank is whole, and one distribution serves all samples of these sizes.
  const [shares, scale] =
    ties.length === 0 ? [untiedShares(a.length, b.length), 2] : [rankSumDistribution(ranks, a.length), 1];
  const mean = (a.length * (all.length + 1)) / scale;
  const p = shares.reduce(
    (sum, share, at) => (Math.abs(at - mean) * scale >= distance ? sum + share : sum),
    0,
  );
  return Math.min(1, p);
}

const untied = new Map<string, Float64Array>();

/** The distribution of the rank sum of n of n + m different values; kept, for a comparison asks for it again and again. */
function untiedShares(n: number, m: number): Float64Array {
  const key = `${n} ${m}`;
  const known = untied.get(key);
  if (known !== undefined) return known;
  const shares = rankSumDistribution(
    Array.from({ length: n + m }, (_, i) => i + 1),
    n,
  );
  untied.set(key, shares);
  return shares;
}

function normalP(n: number, m: number, distance: number, ties: readonly number[]): number {
  const all = n + m;
  const tied = ties.reduce((sum, size) => sum + size ** 3 - size, 0);
  const variance = ((n * m) / 12) * (all + 1 - tied / (all * (all - 1)));
  if (variance === 0) return 1;
  return Math.min(1, 2 * normalTail(Math.max(0, distance - 0.5) / Math.sqrt(variance)));
}

/** The least two-sided p that samples of these sizes can have: 0.1 for 3 and 3. */
export function leastRankSumP(n: number, m: number): number {
  let ways = 1;
  for (let k = 1; k <= Math.min(n, m); k++) ways *= (n + m + 1 - k) / k;
  return Math.min(1, 2 / ways);
}

/**
 * How many of the ordered pairwise differences to pass over at each end so that what remains holds the shift with this
 * confidence (Moses; Hollander and Wolfe 1999, 4.3). 0: the samples are too small for it.
 */
export function shiftRank(n: number, m: number, confidence: number): number {
  const tail = (1 - confidence) / 2;
  if (n + m > MOST_EXACT_VALUES) return Math.floor(normalShiftRank(n, m, tail));
  const shares = untiedShares(n, m).subarray((n * (n + 1)) / 2);
  let below = 0;
  let rank = 0;
  while (below + (shares[rank] ?? 0) <= tail + ROUNDING) {
    below += shares[rank] ?? 0;
    rank += 1;
  }
  return rank;
}

function normalShiftRank(n: number, m: number, tail: number): number {
  return (n * m) / 2 - normalQuantile(tail) * Math.sqrt((n * m * (n + m + 1)) / 12);
}

/** The z above which this share lies, by bisection. */
function normalQuantile(tail: number): number {
  let [low, high] = [0, 40];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalTail(middle) > tail) low = middle;
    else high = middle;
  }
  return low;
}
