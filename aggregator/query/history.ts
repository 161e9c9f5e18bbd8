/** What earlier runs of the same workload used: the measure of what is usual. */
import type { MeasureName, MeasureValues } from '../../protocol/measures.ts';
import type { RunRecord } from '../store/model.ts';
import type { RunIndex } from './resolve-run.ts';
import { measuresOf, type StateOf } from './run-view.ts';
import { goodRuns } from './select-runs.ts';
import { hostType } from './side.ts';
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
 * The measures of the good runs of this run's workload on the same type of host that started before it, newest first, at
 * most 20. `except`: ids to leave out.
 */
export function earlierMeasures(
  index: RunIndex,
  run: RunRecord,
  stateOf: StateOf,
  except: ReadonlySet<string> = new Set(),
): MeasureValues[] {
  const host = hostType(run.host);
  const earlier = goodRuns({ index, stateOf }, run.workload.name, {
    most: MOST_RUNS,
    before: [run],
    isWanted: (one) => hostType(one.host) === host && !except.has(one.id),
  });
  return earlier.map(({ members }) => measuresOf(members));
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
