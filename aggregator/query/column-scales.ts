/** What turns a stored integer into its unit: the column's scale, and of an output that of its own decimals. */
import type { Column } from '../../protocol/metrics.ts';
import type { ColumnSeries, RunDirectory } from '../store/model.ts';
import { processKey } from './summary.ts';

export type ScaleOf = (series: Pick<ColumnSeries, 'subject' | 'member' | 'index'>, column: Column) => number;

export function columnScales({ outputs = [] }: RunDirectory): ScaleOf {
  const decimals = new Map(outputs.map((one) => [processKey(one), one.decimals]));
  return (series, { scale }) =>
    series.subject === 'output' ? 10 ** -(decimals.get(processKey(series)) ?? 0) : scale;
}
