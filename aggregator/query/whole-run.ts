/** How finely a whole run is read, so that neither a long one nor one of many processes takes more memory than there is. */
import type { ContainerEntry, ProcessEntry, RunRecord } from '../store/model.ts';
import { measuresOf } from './run-view.ts';

/** How many values are read at once: all of a day's would not fit into memory. */
const MOST_VALUES = 5_000_000;
/** No level of the store is finer. */
const FINEST_CELL_MS = 10_000;
/** Of a long run, cells of this share of it are looked at: they hold its totals and peaks as its samples do. */
const CELL_SHARE = 1 / 1000;

export interface WholeRun {
  readonly resolutionMs: number;
  /** How many of these columns fit into memory together. */
  readonly columnsAtOnce: number;
}

/** `subjects`: of which the columns are read; a container lives as long as its run. `together`: columns that are needed at once. */
export function wholeRun(
  record: Pick<RunRecord, 'members' | 'intervalMs'>,
  subjects: readonly (ProcessEntry | ContainerEntry)[],
  together = 1,
): WholeRun {
  const wallMs = (measuresOf(record.members).wallSeconds ?? 0) * 1000;
  const livedMs = subjects.reduce((sum, subject) => sum + livedWithin(subject, wallMs), 0);
  const valuesAt = (stepMs: number): number => subjects.length + livedMs / stepMs;
  const share = wallMs * CELL_SHARE;
  const isLevelNeeded = share >= FINEST_CELL_MS || together * valuesAt(record.intervalMs) > MOST_VALUES;
  const stepMs = isLevelNeeded ? Math.max(FINEST_CELL_MS, record.intervalMs) : record.intervalMs;
  return {
    resolutionMs: isLevelNeeded ? Math.max(FINEST_CELL_MS, share) : share,
    columnsAtOnce: Math.max(1, Math.floor(MOST_VALUES / Math.max(1, valuesAt(stepMs)))),
  };
}

function livedWithin(subject: ProcessEntry | ContainerEntry, wallMs: number): number {
  if (!('startMs' in subject)) return wallMs;
  return Math.max(0, Math.min(subject.endMs ?? wallMs, wallMs) - Math.max(0, subject.startMs));
}
