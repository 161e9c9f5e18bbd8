/**
 * Twice the rank of each value among all of them: equal values share the mean of their ranks, and twice a mean of
 * two whole numbers is whole.
 */
export function doubledRanks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((i, j) => (values[i] as number) - (values[j] as number));
  const ranks = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    const value = values[order[from] as number];
    let to = from + 1;
    while (to < order.length && values[order[to] as number] === value) to += 1;
    for (const place of order.slice(from, to)) ranks[place] = from + 1 + to;
    from = to;
  }
  return ranks;
}

/** How many values there are of each that occurs more than once. */
export function tieSizes(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].filter((count) => count > 1);
}
