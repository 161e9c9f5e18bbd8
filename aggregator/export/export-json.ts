/**
 * A whole run as one JSON document, without loss:
 *
 *     { "run": Run, "processes": [Process], "events": [Event], "series": [Series] }
 *
 * `run`, `processes` and `events` are those of the HTTP API. A series has `subject`, `key`, `name` (of a device or volume, where known), `column`, `kind`, `unit`,
 * `scale`, `times` (ms since the start of the run) and `values`: integers as the kernel counted them, which times
 * `scale` are in `unit`.
 */

import { columnById } from '../../protocol/metrics.ts';
import { columnScales, type ScaleOf } from '../query/column-scales.ts';
import { storageNames, subjectKeys } from '../query/subject-names.ts';
import type { ColumnSeries } from '../store/model.ts';
import { type ExportedRun, seriesBySubjects } from './exported-run.ts';

export function* exportJson(exported: ExportedRun): Generator<string> {
  const { run, processes, record, directory } = exported;
  yield `{"run":${JSON.stringify(run)},\n"processes":[${lines(processes)}],\n"events":[${lines(directory.events)}],\n"series":[`;
  const keyOf = subjectKeys(record, directory);
  const nameOf = storageNames(directory);
  const scaleOf = columnScales(directory);
  let separator = '\n';
  for (const series of seriesBySubjects(exported)) {
    yield `${separator}${JSON.stringify(seriesObject(series, keyOf(series), nameOf(series), scaleOf))}`;
    separator = ',\n';
  }
  yield '\n]}\n';
}

function lines(values: readonly unknown[]): string {
  return values.map((value) => `\n${JSON.stringify(value)}`).join(',');
}

function seriesObject(series: ColumnSeries, key: string, name: string | undefined, scaleOf: ScaleOf): object {
  const { subject, column, times, values } = series;
  const known = columnById(column);
  return {
    subject,
    key,
    ...(name !== undefined && { name }),
    column: known?.name ?? `column ${column}`,
    ...(known && { kind: known.kind, unit: known.unit, scale: scaleOf(series, known) }),
    times: [...times],
    values: [...values],
  };
}
