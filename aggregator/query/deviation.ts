/** How far a run is from what is usual for its workload. */
import type { Deviation } from '../../protocol/deviation.ts';
import { type MeasureValues, measures } from '../../protocol/measures.ts';
import type { RunRecord } from '../store/model.ts';
import { earlierMeasures, historyOf } from './history.ts';
import type { RunIndex } from './resolve-run.ts';
import { measuresOf, type StateOf } from './run-view.ts';

/**
 * One entry for each measure that the run and some earlier run have and of which less is better, in the order of the
 * measures. `earlier`: see `earlierMeasures`.
 */
export function deviations(run: MeasureValues, earlier: readonly MeasureValues[]): Deviation[] {
  return measures.flatMap(({ name, better }) => {
    const value = run[name];
    const history = historyOf(earlier, name);
    if (better !== 'lower' || value === undefined || history === undefined) return [];
    const ratio = history.median === 0 ? {} : { ratio: value / history.median };
    return [{ measure: name, value, history, ...ratio }];
  });
}

/** The run against those of its workload before it. */
export function readDeviations(store: RunIndex, stateOf: StateOf, record: RunRecord): Deviation[] {
  return deviations(measuresOf(record.members), earlierMeasures(store, record, stateOf));
}
