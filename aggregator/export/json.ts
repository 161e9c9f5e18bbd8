/**
 * A whole run as one JSON document, without loss (protocol/exported-run.ts). `run`, `processes` and `events` are those of the
 * HTTP API. Beside what places it, a series has `key`, `name` (of a device or volume, where known), `kind`, `unit`, `scale`,
 * `times` (ms since the start of the run) and `values`: integers as the kernel counted them, which times `scale` are in
 * `unit`.
 */

import { EXPORT_VERSION, type ExportedMember } from '../../protocol/exported-run.ts';
import { columnById } from '../../protocol/metrics.ts';
import { columnScales, type ScaleOf } from '../query/column-scales.ts';
import { storageNames, subjectKeys } from '../query/subject-names.ts';
import { processKey } from '../query/summary.ts';
import type { ColumnSeries, MemberRecord } from '../store/model.ts';
import { type ExportedRun, seriesBySubjects } from './exported-run.ts';

export function* exportJson(exported: ExportedRun): Generator<string> {
  const { run, record, directory } = exported;
  const { containers, storage = [], outputs = [], events } = directory;
  const views = new Map(exported.processes.map((view) => [view.key, view]));
  const processes = byPlace(directory.processes).map((one) => views.get(processKey(one)));
  yield `{"version":${EXPORT_VERSION},\n"run":${JSON.stringify(run)}`;
  for (const field of ['pods', 'ending', 'concluded', 'thinned'] as const)
    if (record[field] !== undefined) yield `,\n"${field}":${JSON.stringify(record[field])}`;
  yield list('members', record.members.map(exportedMember));
  yield list('containers', byPlace(containers));
  yield list('storage', byPlace(storage));
  yield list('outputs', byPlace(outputs));
  yield list('processes', processes);
  yield list('events', events);
  yield ',\n"series":[';
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

function list(name: string, values: readonly unknown[]): string {
  return `,\n"${name}":[${values.map((value) => `\n${JSON.stringify(value)}`).join(',')}]`;
}

/** Whatever order batches came in, and were sealed in. */
function byPlace<T extends { readonly member: number; readonly index: number }>(entries: readonly T[]): T[] {
  return entries.toSorted((a, b) => a.member - b.member || a.index - b.index);
}

/** How many batches told of it is no matter of the run. */
function exportedMember(record: MemberRecord): ExportedMember {
  const { agent, name, podUid, epochMs, lastSeenMs, totals, results, outcome, writer } = record;
  return {
    agent,
    name,
    ...(podUid !== undefined && { podUid }),
    epochMs,
    lastSeenMs,
    totals: totals.map(([id, value]) => [id, value]),
    ...(results && { results: [...results] }),
    ...(outcome && { outcome }),
    ...(writer && { writer }),
  };
}

function seriesObject(series: ColumnSeries, key: string, name: string | undefined, scaleOf: ScaleOf): object {
  const { subject, member, index, column, times, values } = series;
  const known = columnById(column);
  return {
    subject,
    member,
    index,
    key,
    ...(name !== undefined && { name }),
    column: known?.name ?? `column ${column}`,
    ...(known && { kind: known.kind, unit: known.unit, scale: scaleOf(series, known) }),
    times: [...times],
    values: [...values],
  };
}
