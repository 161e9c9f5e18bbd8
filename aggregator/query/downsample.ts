/**
 * Samples into buckets of equal width that keep the least, the greatest and the mean. No peak is lost: the greatest
 * over all buckets is the greatest of what fell into them. Times are in ms, in increasing order.
 */
import type { ColumnSeries } from '../store/model.ts';

/** `count` buckets of equal width between two times; the last one holds its end, too. */
export interface Buckets {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

export function bucketWidthMs({ fromMs, toMs, count }: Buckets): number {
  return (toMs - fromMs) / count;
}

/** Samples that may stand for cells of a level (Spread in store/model.ts). */
export type Samples = Pick<ColumnSeries, 'times' | 'values' | 'spread'>;

/** One entry per bucket; NaN where nothing is known of it. */
export interface BucketPoints {
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
}

/**
 * Levels: the samples of each bucket. In the mean a level counts for the time until the next sample or the end of
 * the bucket.
 */
export function downsampleGauge({ times, values, spread }: Samples, buckets: Buckets): BucketPoints {
  const { fromMs, toMs, count } = buckets;
  const widthMs = bucketWidthMs(buckets);
  const points = emptyPoints(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < times.length; i++) {
    const time = times[i] as number;
    if (time < fromMs || time > toMs) continue;
    const bucket = Math.min(count - 1, Math.floor((time - fromMs) / widthMs));
    const untilMs = Math.min(times[i + 1] ?? Number.POSITIVE_INFINITY, fromMs + widthMs * (bucket + 1));
    const level = values[i] as number;
    include(points, bucket, known(spread?.low[i], level), known(spread?.high[i], level));
    weigh(points.mean, weights, bucket, level, Math.max(0, untilMs - time));
  }
  return points;
}

/**
 * Counters: the rates, per second, between samples that follow each other, each spread over the buckets that it
 * overlaps. The mean is the growth within the bucket over the whole width of the bucket, so that the sum of mean ×
 * width is the growth; for a bucket that reaches beyond the samples the rate there counts as zero.
 */
export function downsampleCounter({ times, values, spread }: Samples, buckets: Buckets): BucketPoints {
  const { fromMs, toMs, count } = buckets;
  const widthMs = bucketWidthMs(buckets);
  const points = emptyPoints(count);
  const growth = new Float64Array(count);
  const coveredMs = new Float64Array(count);
  /** The bucket in which the interval begins; times rise, and so does it. */
  let first = 0;
  for (let i = 1; i < times.length; i++) {
    const start = times[i - 1] as number;
    const end = times[i] as number;
    if (end <= fromMs || start >= toMs) continue;
    const step = (values[i] as number) - (values[i - 1] as number);
    const rate = (step / (end - start)) * 1000;
    const low = known(spread?.low[i - 1], rate);
    const high = known(spread?.high[i - 1], rate);
    while (first < count - 1 && fromMs + widthMs * (first + 1) <= start) first++;
    for (let bucket = first; bucket < count; bucket++) {
      const bucketStart = fromMs + widthMs * bucket;
      const bucketEnd = bucketStart + widthMs;
      const overlapMs = Math.min(end, bucketEnd) - Math.max(start, bucketStart);
      if (overlapMs > 0) {
        include(points, bucket, low, high);
        growth[bucket] = (growth[bucket] as number) + step * (overlapMs / (end - start));
        coveredMs[bucket] = (coveredMs[bucket] as number) + overlapMs;
      }
      if (end <= bucketEnd) break;
    }
  }
  for (let bucket = 0; bucket < count; bucket++) {
    const covered = coveredMs[bucket] as number;
    if (covered === 0) continue;
    if (covered < widthMs * (1 - ROUNDING)) include(points, bucket, 0, 0);
    points.mean[bucket] = ((growth[bucket] as number) / widthMs) * 1000;
  }
  return points;
}

/** The means of `downsampleCounter` alone: what the counter was at the edges of a bucket tells its own. */
export function meanRates({ times, values }: Samples, buckets: Buckets): Float64Array {
  const { fromMs, count } = buckets;
  const means = new Float64Array(count).fill(Number.NaN);
  const lastRow = times.length - 1;
  if (lastRow < 1) return means;
  const [firstMs, lastMs] = [times[0] as number, times[lastRow] as number];
  const widthMs = bucketWidthMs(buckets);
  let row = 0;
  // What the counter was is told in two parts, as the difference of large numbers would not be exact.
  let [lowBefore, partBefore] = [0, 0];
  for (let edge = 0; edge <= count; edge++) {
    const ms = fromMs + widthMs * edge;
    while (row < lastRow - 1 && (times[row + 1] as number) <= ms) row++;
    const [start, low] = [times[row] as number, values[row] as number];
    const share = (ms - start) / ((times[row + 1] as number) - start);
    const part = ((values[row + 1] as number) - low) * Math.min(1, Math.max(0, share));
    if (edge > 0 && ms > firstMs && ms - widthMs < lastMs)
      means[edge - 1] = ((low - lowBefore + (part - partBefore)) / widthMs) * 1000;
    [lowBefore, partBefore] = [low, part];
  }
  return means;
}

/** Overlaps that add up to a whole bucket may miss its width by this share. */
const ROUNDING = 1e-9;

function include({ min, max }: BucketPoints, bucket: number, low: number, high: number): void {
  // Whatever is compared with NaN is false.
  if (!((min[bucket] as number) <= low)) min[bucket] = low;
  if (!((max[bucket] as number) >= high)) max[bucket] = high;
}

function known(value: number | undefined, otherwise: number): number {
  return value === undefined || Number.isNaN(value) ? otherwise : value;
}

/** A running weighted mean; a single value is its own mean, exactly. */
function weigh(
  means: Float64Array,
  weights: Float64Array,
  bucket: number,
  value: number,
  weight: number,
): void {
  const mean = means[bucket] as number;
  const total = (weights[bucket] as number) + weight;
  means[bucket] = Number.isNaN(mean) || total === 0 ? value : mean + (value - mean) * (weight / total);
  weights[bucket] = total;
}

/** Nothing is known of any bucket. */
export function emptyPoints(count: number): BucketPoints {
  const empty = () => new Float64Array(count).fill(Number.NaN);
  return { min: empty(), max: empty(), mean: empty() };
}
