/**
 * A run as OpenMetrics text with timestamps, for `promtool tsdb create-blocks-from openmetrics`. Names and labels are those
 * of what is forwarded live; here each process is a series of its own, by `podometer_process`, its key in the HTTP
 * API. Families come one after the other, and in each of them its series, as the format asks for.
 */
import { type Column, columnById, columns } from '../../protocol/metrics.ts';
import { familyHead, seriesName } from '../live/exposition.ts';
import { memberAttributes } from '../live/member-attributes.ts';
import { prometheusSeries } from '../live/prometheus-series.ts';
import { columnScales } from '../query/column-scales.ts';
import { subjectKeys } from '../query/subject-names.ts';
import { processKey } from '../query/summary.ts';
import { unitValue } from '../query/unit-value.ts';
import type { ColumnSeries } from '../store/model.ts';
import { type ExportedRun, seriesBySubjects } from './exported-run.ts';

export function* exportOpenMetrics(exported: ExportedRun): Generator<string> {
  const attributesOf = subjectAttributes(exported);
  for (const family of Map.groupBy(columns, ({ otel }) => otel.name).values()) {
    yield* familyText(exported, family, attributesOf);
  }
  yield '# EOF\n';
}

type AttributesOf = (series: ColumnSeries) => Record<string, string>;

function* familyText(
  exported: ExportedRun,
  family: readonly Column[],
  attributesOf: AttributesOf,
): Generator<string> {
  const scaleOf = columnScales(exported.directory);
  const { startedAtMs } = exported.record;
  let isFirst = true;
  const ids = family.map(({ id }) => id);
  for (const series of seriesBySubjects(exported, ids)) {
    const column = columnById(series.column);
    if (column === undefined || series.times.length === 0) continue;
    const named = prometheusSeries({ column, attributes: attributesOf(series), value: 0 });
    if (isFirst) yield `${familyHead(named).join('\n')}\n`;
    isFirst = false;
    const name = seriesName(named);
    const scale = scaleOf(series, column);
    for (const [i, timeMs] of series.times.entries()) {
      const at = ((startedAtMs + timeMs) / 1000).toFixed(3);
      yield `${name} ${unitValue(series.values[i] as number, { scale })} ${at}\n`;
    }
  }
}

function subjectAttributes({ record, directory }: ExportedRun): AttributesOf {
  const processes = new Map(directory.processes.map((one) => [processKey(one), one]));
  const storage = new Map(directory.storage?.map((one) => [processKey(one), one]));
  const containers = new Map(directory.containers.map((one) => [processKey(one), one.name]));
  const keyOf = subjectKeys(record, directory);
  const container = (member: number, index: number | undefined): Record<string, string> => {
    const name = index === undefined ? undefined : containers.get(processKey({ member, index }));
    return name === undefined ? {} : { 'k8s.container.name': name };
  };
  const ownOf = (series: ColumnSeries): Record<string, string> => {
    const { subject, member, index } = series;
    const process = processes.get(processKey(series));
    const place = storage.get(processKey(series))?.container;
    switch (subject) {
      case 'process':
        return {
          ...container(member, process?.container),
          'podometer.process': keyOf(series),
          'process.pid': String(process?.pid ?? ''),
          'process.executable.name': process?.comm ?? '',
        };
      case 'container':
        return container(member, index);
      case 'host':
        return {};
      case 'device':
        return { ...container(member, place), 'system.device': keyOf(series) };
      case 'volume':
        return { ...container(member, place), 'system.filesystem.mountpoint': keyOf(series) };
      case 'output':
        return { 'podometer.output.name': keyOf(series) };
    }
  };
  return (series) => ({ ...memberAttributes(record, series.member), ...ownOf(series) });
}
