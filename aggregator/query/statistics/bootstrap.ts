/** How far a figure of two samples might be from what it is, by drawing the samples again. */
import { quantile } from './quantile.ts';
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
 * The percentile interval (Efron 1979) of `figure(b) − figure(a)`. Each resample draws as many values as a sample has, with
 * replacement. Undefined where a sample has fewer than 2 values: drawing one value again tells nothing.
 */
export function bootstrapDifference(
  a: readonly number[],
  b: readonly number[],
  figure: (values: readonly number[]) => number,
  { confidence, resamples, seed }: BootstrapOptions,
): Interval | undefined {
  if (a.length < 2 || b.length < 2) return undefined;
  const random = seededRandom(seed);
  const differences = Array.from({ length: resamples }, () => {
    const before = figure(drawn(a, random));
    return figure(drawn(b, random)) - before;
  });
  const tail = (1 - confidence) / 2;
  return { low: quantile(differences, tail), high: quantile(differences, 1 - tail) };
}

function drawn(values: readonly number[], random: () => number): number[] {
  return values.map(() => values[Math.floor(random() * values.length)] as number);
}
