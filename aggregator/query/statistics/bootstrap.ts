/** How far a figure of two samples might be from what it is, by drawing the samples again. */
import { sortedQuantile } from './quantile.ts';
import { seededRandom } from './seeded-random.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  /** Share of intervals that hold the true figure: 0.95. */
  readonly confidence: number;
  readonly resamples: number;
  readonly seed: number;
}

/**
 * The percentile interval (Efron 1979) of `figure(b) − figure(a)`; the figure is of values in increasing order. Each resample
 * draws as many values as a sample has, with replacement. Undefined where a sample has fewer than 2 values: drawing one
 * value again tells nothing.
 */
export function bootstrapDifference(
  a: readonly number[],
  b: readonly number[],
  figure: (sorted: Float64Array) => number,
  { confidence, resamples, seed }: BootstrapOptions,
): Interval | undefined {
  if (a.length < 2 || b.length < 2) return undefined;
  const random = seededRandom(seed);
  const drawA = redrawn(a, random);
  const drawB = redrawn(b, random);
  const differences = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) differences[i] = -figure(drawA()) + figure(drawB());
  differences.sort();
  const tail = (1 - confidence) / 2;
  return { low: sortedQuantile(differences, tail), high: sortedQuantile(differences, 1 - tail) };
}

/** Each call draws anew, into the same array. */
function redrawn(values: readonly number[], random: () => number): () => Float64Array {
  const drawn = new Float64Array(values.length);
  return () => {
    for (let i = 0; i < drawn.length; i++) drawn[i] = values[Math.floor(random() * drawn.length)] as number;
    return drawn.sort();
  };
}
