/** What earlier runs of the same workload used: the measure of what is usual. */
import type { MeasureName, MeasureValues } from '../../protocol/measures.ts';
import type { RunRecord, Store } from '../store/model.ts';
import { measuresOf, type StateOf } from './run-view.ts';
import { median, spread } from './statistics/quantile.ts';

/** More runs back than this, a program is seldom still the same. */
const MOST_RUNS = 20;

export interface MeasureHistory {
  readonly runs: number;
  readonly median: number;
  /** Half the distance between the quartiles. */
  readonly spread: number;
}

/**
 * The measures of the finished runs of this run's workload that started before it, newest first, at most 20.
 * `except`: ids to leave out.
 */
export function earlierMeasures(
  index: Pick<Store, 'runs'>,
  run: Pick<RunRecord, 'id' | 'workload' | 'number'>,
  stateOf: StateOf,
  except: ReadonlySet<string> = new Set(),
): MeasureValues[] {
  const found: MeasureValues[] = [];
  for (const earlier of index.runs({ workload: run.workload.name })) {
    if (found.length === MOST_RUNS) break;
    if (earlier.number >= run.number || except.has(earlier.id)) continue;
    if (stateOf(earlier) === 'finished') found.push(measuresOf(earlier.members));
  }
  return found;
}

/** Undefined where none of the runs has the measure. */
export function historyOf(
  earlier: readonly MeasureValues[],
  measure: MeasureName | ((values: MeasureValues) => number | undefined),
): MeasureHistory | undefined {
  const read = typeof measure === 'string' ? (run: MeasureValues) => run[measure] : measure;
  const values = earlier.map(read).filter((value) => value !== undefined);
  if (values.length === 0) return undefined;
  return { runs: values.length, median: median(values), spread: spread(values) };
}
