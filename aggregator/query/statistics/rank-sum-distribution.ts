/**
 * Of `ranks` (whole numbers), how many of the ways to pick `picked` of them have each sum: entry s is the share of
 * picks whose sum is s. This is the exact distribution of the rank sum where nothing but chance decides which values
 * belong to which sample, ties included (Streitberg and Röhmel 1986).
 *
 * The counts are exact up to 2^53, the number of ways to pick 28 of 56.
 */
export function rankSumDistribution(ranks: readonly number[], picked: number): Float64Array {
  const largest = ranks.toSorted((a, b) => b - a).slice(0, picked);
  const width = largest.reduce((sum, rank) => sum + rank, 0) + 1;
  // counts[k * width + s]: ways to pick k of the ranks so far with the sum s.
  const counts = new Float64Array((picked + 1) * width);
  counts[0] = 1;
  ranks.forEach((rank, seen) => {
    for (let k = Math.min(picked, seen + 1); k > 0; k--) {
      const row = k * width;
      const above = row - width;
      for (let sum = rank; sum < width; sum++) {
        counts[row + sum] = (counts[row + sum] as number) + (counts[above + sum - rank] as number);
      }
    }
  });
  const ways = counts.subarray(picked * width);
  const all = ways.reduce((sum, count) => sum + count, 0);
  return ways.map((count) => count / all);
}
