/** How far a run is from what is usual for its workload. */
import { type MeasureName, type MeasureValues, measures } from '../../protocol/measures.ts';
import { historyOf, type MeasureHistory } from './history.ts';

export interface Deviation {
  readonly measure: MeasureName;
  readonly value: number;
  readonly history: MeasureHistory;
  /** value ÷ median; undefined where the median is zero. */
  readonly ratio: number | undefined;
}

/**
 * One entry for each measure that the run and some earlier run have and of which less is better, in the order of the
 * measures. `earlier`: see `earlierMeasures`.
 */
export function deviations(run: MeasureValues, earlier: readonly MeasureValues[]): Deviation[] {
  return measures.flatMap(({ name, better }) => {
    const value = run[name];
    const history = historyOf(earlier, name);
    if (better !== 'lower' || value === undefined || history === undefined) return [];
    const ratio = history.median === 0 ? undefined : value / history.median;
    return [{ measure: name, value, history, ratio }];
  });
}
