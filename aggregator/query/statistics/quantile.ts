/** Order statistics of a few numbers. Each expects at least one value. */

/** The value below which this share of the values lies, on a straight line between the two nearest ones. */
export function quantile(values: ArrayLike<number>, share: number): number {
  return sortedQuantile(Float64Array.from(values).sort(), share);
}

/** As `quantile`, of values in increasing order. */
export function sortedQuantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** Half the distance between the quartiles. */
export function spread(values: ArrayLike<number>): number {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / 2;
}
