/** Lines of several processes added up, bucket by bucket. */
import type { Column } from '../../protocol/metrics.ts';
import { type BucketPoints, emptyPoints } from './downsample.ts';

/** In place of a process's key: all that were not asked for by name. */
export const OTHERS_KEY = 'others';

/** One sum as it grows. Its `min` and `max` are bounds: the sums of what each process had at the least and at the most. */
export class AddedLine {
  readonly points: BucketPoints;

  constructor(buckets: number) {
    this.points = emptyPoints(buckets);
  }

  add(points: BucketPoints, kind: Column['kind']): void {
    const { min, max, mean } = kind === 'gauge' ? heldLevels(points) : points;
    addTo(this.points.min, min);
    addTo(this.points.max, max);
    addTo(this.points.mean, mean);
  }
}

/** A level holds until the next sample, which may lie several buckets on. */
export function heldLevels({ min, max, mean }: BucketPoints): BucketPoints {
  return { min: held(min), max: held(max), mean: held(mean) };
}

function held(values: Float64Array): Float64Array {
  const levels = values.slice();
  const last = values.findLastIndex((value) => !Number.isNaN(value));
  for (let bucket = 1; bucket <= last; bucket++) {
    if (Number.isNaN(levels[bucket])) levels[bucket] = levels[bucket - 1] as number;
  }
  return levels;
}

function addTo(total: Float64Array, values: Float64Array): void {
  for (let bucket = 0; bucket < values.length; bucket++) {
    const value = values[bucket] as number;
    if (Number.isNaN(value)) continue;
    const known = total[bucket] as number;
    total[bucket] = Number.isNaN(known) ? value : known + value;
  }
}
