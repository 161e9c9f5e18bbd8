/** What a person says of how long history is kept. Every limit may be left out. */
export interface RetentionPolicy {
  /** Age of a run's end, ms, from which its levels stand for its samples. */
  readonly samplesForMs?: number;
  /** … from which its totals, processes and events alone are kept. */
  readonly levelsForMs?: number;
  /** … from which it is deleted. */
  readonly runsForMs?: number;
  readonly runsPerWorkload?: number;
  /** Of all history. */
  readonly mostBytes?: number;
  /** Of the disk. Free pages of the store count as free. */
  readonly leastFreeBytes?: number;
  /** So many of the last good runs of each workload are what the next ones are compared with, and are never deleted. */
  readonly baselineRuns: number;
}

export const DEFAULT_BASELINE_RUNS = 10;

/** A run with this tag, whatever its value, is a baseline that is kept whole. */
export const BASELINE_TAG = 'baseline';

/** From the mildest on. */
export const retentionFates = ['levels', 'summary', 'deleted'] as const;
export type RetentionFate = (typeof retentionFates)[number];
