/** Which parts of a run are worth being merged into one. */
import type { Seal } from './keys.ts';

/** Fewer are read fast enough. */
const LEAST_PARTS = 8;
/** While the run goes on: what is merged then is not merged again at its end. */
const LEAST_PARTS_RUNNING = 32;

/** All that were not merged before and of which nothing was given up; none where they are too few. */
export function partsToMerge(
  { parts, mergedThrough = -1, samplesFrom = 0 }: Seal,
  isRunning: boolean,
): readonly number[] {
  const small = parts.filter((part) => part > mergedThrough && part >= samplesFrom);
  return small.length < (isRunning ? LEAST_PARTS_RUNNING : LEAST_PARTS) ? [] : small;
}
