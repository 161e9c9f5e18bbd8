import { cpuSecondsOf } from '../../aggregator/query/run-view.ts';
import type { MeasureValues } from '../../protocol/measures.ts';

/** CPU time ÷ wall time; undefined where either was not read. */
export function averageCores(measures: MeasureValues): number | undefined {
  const cpu = cpuSecondsOf(measures);
  return cpu === undefined || !measures.wallSeconds ? undefined : cpu / measures.wallSeconds;
}
