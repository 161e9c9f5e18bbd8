/** Whether a series rises, and how fast. */
import type { Interval } from './bootstrap.ts';
import { normalTail } from './normal.ts';
import { sortedQuantile } from './quantile.ts';
import { tieSizes } from './ranks.ts';

export interface Trend {
  /** Theil–Sen: the median slope between two points, in units of y per unit of x. */
  readonly slope: number;
  /** 95 % (Sen 1968). */
  readonly interval: Interval;
  /** Two-sided, of Mann–Kendall. */
  readonly p: number;
}

const Z_95 = 1.959964;

/**
 * The trend of points in order of x, robust against single points that stick out. Of n points it looks at n²/2 pairs:
 * give it no more than a few hundred. Undefined for fewer than 5.
 */
export function trendOf(xs: ArrayLike<number>, ys: ArrayLike<number>): Trend | undefined {
  const n = ys.length;
  if (n < 5) return undefined;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let concordance = 0;
  let pair = 0;
  for (let j = 1; j < n; j++) {
    for (let i = 0; i < j; i++) {
      const rise = (ys[j] as number) - (ys[i] as number);
      concordance += Math.sign(rise);
      slopes[pair++] = rise / ((xs[j] as number) - (xs[i] as number));
    }
  }
  slopes.sort();
  const tied = tieSizes(Array.from(ys)).reduce((sum, size) => sum + size * (size - 1) * (2 * size + 5), 0);
  const deviation = Math.sqrt((n * (n - 1) * (2 * n + 5) - tied) / 18);
  const half = Z_95 * deviation;
  const at = (place: number): number =>
    slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(place)))] as number;
  return {
    slope: sortedQuantile(slopes, 0.5),
    interval: { low: at((slopes.length - half) / 2 - 1), high: at((slopes.length + half) / 2) },
    p: deviation === 0 ? 1 : Math.min(1, 2 * normalTail(Math.max(0, Math.abs(concordance) - 1) / deviation)),
  };
}
