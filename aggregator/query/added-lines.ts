/** Lines of several processes added up, bucket by bucket. */
import type { Column } from '../../protocol/metrics.ts';
import type { BucketPoints } from './downsample.ts';

/** In place of a process's key: all that were not asked for by name. */
export const OTHERS_KEY = 'others';

/** One sum as it grows. Its `min` and `max` are bounds: the sums of what each process had at the least and at the most. */
export class AddedLine {
  readonly points: BucketPoints;

  constructor(buckets: number) {
    const empty = (): (number | null)[] => new Array(buckets).fill(null);
    this.points = { min: empty(), max: empty(), mean: empty() };
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

function held(values: readonly (number | null)[]): (number | null)[] {
  const levels: (number | null)[] = new Array(values.length).fill(null);
  const last = values.findLastIndex((value) => value !== null);
  let level: number | null = null;
  for (let bucket = 0; bucket <= last; bucket++) {
    level = values[bucket] ?? level;
    levels[bucket] = level;
  }
  return levels;
}

function addTo(total: (number | null)[], values: readonly (number | null)[]): void {
  for (let bucket = 0; bucket < values.length; bucket++) {
    const value = values[bucket] as number | null;
    if (value !== null) total[bucket] = (total[bucket] ?? 0) + value;
  }
}
