/**
 * Where a series of points changes its level: optimal partitioning (Jackson and others 2005), which finds the cuts that make
 * the sum of squared distances from each piece's mean, plus a penalty for each cut, as small as it can be. It looks at n²/2
 * pieces; PELT prunes them, which a few hundred points do not need.
 *
 * The points have one value per dimension, each in units of its own noise, so that the distances of dimensions can be added.
 */
export interface ChangePointOptions {
  /** What a cut must save at least. */
  readonly penalty: number;
  /** Points in the shortest piece. */
  readonly shortest: number;
}

/** The places at which a new piece begins, in increasing order; the first piece begins at 0, which is not given. */
export function changePoints(
  dimensions: readonly Float64Array[],
  { penalty, shortest }: ChangePointOptions,
): number[] {
  const n = dimensions[0]?.length ?? 0;
  const costs = dimensions.map(costOf);
  const cost = (from: number, to: number): number => costs.reduce((sum, one) => sum + one(from, to), 0);
  const best = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  const cutBefore = new Int32Array(n + 1);
  best[0] = -penalty;
  for (let to = shortest; to <= n; to++) {
    for (let from = 0; from <= to - shortest; from++) {
      const total = (best[from] as number) + cost(from, to) + penalty;
      if (total < (best[to] as number)) {
        best[to] = total;
        cutBefore[to] = from;
      }
    }
  }
  const cuts: number[] = [];
  for (let at = cutBefore[n] ?? 0; at > 0; at = cutBefore[at] as number) cuts.unshift(at);
  return cuts;
}

/** The sum of squared distances from the mean of the points in [from, to). */
function costOf(values: Float64Array): (from: number, to: number) => number {
  const sums = new Float64Array(values.length + 1);
  const squares = new Float64Array(values.length + 1);
  values.forEach((value, i) => {
    sums[i + 1] = (sums[i] as number) + value;
    squares[i + 1] = (squares[i] as number) + value * value;
  });
  return (from, to) => {
    const sum = (sums[to] as number) - (sums[from] as number);
    return (squares[to] as number) - (squares[from] as number) - (sum * sum) / (to - from);
  };
}
