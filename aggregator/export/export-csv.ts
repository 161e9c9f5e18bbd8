/**
 * The samples of a run as CSV (RFC 4180): one row for each subject at each moment at which anything of it was read,
 * in the order of time. First come `time_ms` (since the start of the run), `subject` (process, container, host, device, volume, output), `key`,
 * `pid` and `comm`; then one column for each column of the run's metrics. A name that ends in `_s` holds seconds, one
 * in `Bytes` bytes, any other a plain number; what was not read at that moment is empty.
 */

import { columns as allColumns, type Column } from '../../protocol/metrics.ts';
import { columnScales, type ScaleOf } from '../query/column-scales.ts';
import { subjectKeys } from '../query/subject-names.ts';
import { processKey } from '../query/summary.ts';
import { unitValue } from '../query/unit-value.ts';
import type { ColumnSeries } from '../store/model.ts';
import { type ExportedRun, seriesByTime } from './exported-run.ts';

const IDENTITY = ['time_ms', 'subject', 'key', 'pid', 'comm'];

interface Row {
  readonly timeMs: number;
  readonly identity: string;
  readonly values: string[];
}

export function* exportCsv(exported: ExportedRun): Generator<string> {
  const columns = columnsOf(exported);
  const identityOf = identities(exported);
  const scaleOf = columnScales(exported.directory);
  yield `${[...IDENTITY, ...columns.map(header)].join(',')}\r\n`;
  for (const series of seriesByTime(exported)) {
    for (const { timeMs, identity, values } of rowsOf(series, columns, identityOf, scaleOf)) {
      yield `${timeMs},${identity},${values.join(',')}\r\n`;
    }
  }
}

/** Those of the run's metrics, and of what its program told; `performance` is in every run. */
function columnsOf({ record, directory }: ExportedRun): Column[] {
  const metrics = ['performance', ...record.metrics, ...(directory.outputs === undefined ? [] : ['output'])];
  return allColumns.filter(({ metric }) => metrics.includes(metric));
}

function header({ name, unit }: Column): string {
  return unit === 's' ? `${name}_s` : name;
}

/** What stands between the time and the values of a subject's rows. */
function identities({ record, directory }: ExportedRun): (series: ColumnSeries) => string {
  const keyOf = subjectKeys(record, directory);
  const byKey = new Map(directory.processes.map((process) => [processKey(process), process]));
  return (series) => {
    const process = series.subject === 'process' ? byKey.get(processKey(series)) : undefined;
    return [series.subject, keyOf(series), String(process?.pid ?? ''), process?.comm ?? '']
      .map(field)
      .join(',');
  };
}

/** By time; rows of one moment in the order of their subjects. */
function rowsOf(
  series: readonly ColumnSeries[],
  columns: readonly Column[],
  identityOf: (series: ColumnSeries) => string,
  scaleOf: ScaleOf,
): Row[] {
  const places = new Map(columns.map((column, place) => [column.id, { column, place }]));
  const bySubject = Map.groupBy(series, ({ subject, member, index }) => `${subject} ${member}.${index}`);
  const rows: Row[] = [];
  for (const own of bySubject.values()) {
    const byTime = new Map<number, Row>();
    for (const one of own) {
      const known = places.get(one.column);
      if (known === undefined) continue;
      const identity = identityOf(one);
      const scale = scaleOf(one, known.column);
      one.times.forEach((timeMs, i) => {
        const row = byTime.get(timeMs) ?? { timeMs, identity, values: columns.map(() => '') };
        byTime.set(timeMs, row);
        row.values[known.place] = String(unitValue(one.values[i] ?? 0, { scale }));
      });
    }
    rows.push(...byTime.values());
  }
  return rows.sort((a, b) => a.timeMs - b.timeMs);
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
