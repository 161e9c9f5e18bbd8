/** The results of the runs of one MetricSet, as its status tells of one after the other. */
import { median } from '../../aggregator/query/statistics/quantile.ts';
import type { ShownResult, StorageStatus } from '../../protocol/metric-set.ts';

export interface ShownSeries {
  /** The id of the last run that was seen to succeed. */
  readonly run?: string;
  /** How many runs the results are the medians of. */
  readonly runs: number;
  readonly results: readonly ShownResult[];
}

export class ResultSeries {
  /** By how many runs had ended by then. */
  readonly #runs = new Map<number, readonly ShownResult[]>();
  #run: string | undefined;

  /** The status of a run that fails, or goes on, still has the results of the one before. */
  add({ phase, measured = 0, run, results }: StorageStatus): void {
    if (phase === 'Failed' || measured === 0) return;
    if (phase === 'Succeeded') this.#run = run;
    if (results !== undefined) this.#runs.set(measured, results);
  }

  shown(): ShownSeries {
    const all = [...this.#runs.values()];
    const byName = Map.groupBy(all.flat(), ({ name }) => name);
    return {
      ...(this.#run !== undefined && { run: this.#run }),
      runs: all.length,
      results: [...byName.values()].flatMap((same) => {
        const [first] = same;
        return first === undefined ? [] : [{ ...first, value: median(same.map(({ value }) => value)) }];
      }),
    };
  }
}
