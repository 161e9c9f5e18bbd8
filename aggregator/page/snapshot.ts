/** Answers of the HTTP API out of what a saved file holds in place of a server. */

import type { CompareQuery } from '../../protocol/comparison.ts';
import type { SeriesAnswer, SeriesQuery } from '../../protocol/query.ts';
import {
  type PageSnapshot,
  type RunSnapshot,
  type SeriesSnapshot,
  SNAPSHOT_ELEMENT,
  type SnapshotLine,
} from '../../protocol/snapshot.ts';
import { AddedLine, OTHERS_KEY } from '../query/added-lines.ts';

/** Undefined where the page has a server. */
export function readSnapshot(): PageSnapshot | undefined {
  const text = document.getElementById(SNAPSHOT_ELEMENT)?.textContent;
  return text === undefined || text === null ? undefined : (JSON.parse(text) as PageSnapshot);
}

/** What the API would answer at this address; undefined where the file does not hold it. */
export function snapshotAnswer(
  snapshot: PageSnapshot,
  path: string,
  parameters: Partial<SeriesQuery & CompareQuery>,
): unknown {
  const { runs, comparison } = snapshot;
  if (path === 'v1/runs') return { runs: runs.map(({ run }) => run) };
  if (path === 'v1/workloads') return { workloads: workloadsOf(runs) };
  if (path === 'v1/compare') return comparison;
  const [, ref = '', part] = /^v1\/runs\/([^/]+)(?:\/([\w-]+))?$/.exec(path) ?? [];
  const name = decodeURIComponent(ref);
  const found = runs.find(({ run }) => run.id === name || run.ref === name);
  return found && partOf(found, part, parameters);
}

function partOf(found: RunSnapshot, part: string | undefined, query: Partial<SeriesQuery>): unknown {
  const { run, series } = found;
  switch (part) {
    case undefined:
      return run;
    case 'series':
      return seriesAnswer(series, query);
    case 'processes':
      return { processes: found.processes };
    case 'events':
      return { events: found.events };
    case 'findings':
      return { findings: found.findings };
    case 'phases':
      return { phases: found.phases };
    case 'wall-split':
      return found.wallSplit;
    default:
      return undefined;
  }
}

function workloadsOf(runs: readonly RunSnapshot[]): object[] {
  const groups = Map.groupBy(runs, ({ run }) => run.workload.name);
  return [...groups.values()].map((own) => ({
    workload: own[0]?.run.workload,
    runs: own.length,
    latest: own[0]?.run,
    recent: [],
  }));
}

/** The buckets as they were saved, of the stretch that is asked for. */
function seriesAnswer(series: SeriesSnapshot, query: Partial<SeriesQuery>): SeriesAnswer {
  const { count, gaps } = series;
  const widthMs = (series.toMs - series.fromMs) / count;
  const first = bounded(Math.floor(((query.from ?? series.fromMs) - series.fromMs) / widthMs), count);
  const last = bounded(Math.ceil(((query.to ?? series.toMs) - series.fromMs) / widthMs), count);
  const fromMs = series.fromMs + first * widthMs;
  const toMs = series.fromMs + last * widthMs;
  return {
    fromMs,
    toMs,
    times: Array.from({ length: last - first }, (_, i) => fromMs + i * widthMs),
    lines: linesOf(series, query).map((line) => ({ ...line, mean: line.mean.slice(first, last) })),
    gaps: gaps.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs),
  };
}

function bounded(bucket: number, count: number): number {
  return Math.min(count, Math.max(0, bucket));
}

function linesOf({ lines, count }: SeriesSnapshot, query: Partial<SeriesQuery>): SnapshotLine[] {
  const columns = new Set(query.columns?.split(','));
  const held = lines.filter(({ column }) => columns.has(column));
  if (query.together === 'containers') return held.filter(({ subject }) => subject === 'container');
  const wanted = subjectsOf(query.processes);
  if (query.together === undefined) return held.filter(wanted);
  const own = new Set(query.processes?.split(','));
  const rest = held.filter(({ subject, key }) => subject === 'process' && !own.has(key));
  const sums = [...Map.groupBy(rest, ({ column }) => column).values()].map((group) => added(group, count));
  return [...held.filter(({ subject, key }) => subject === 'process' && own.has(key)), ...sums];
}

function added(lines: readonly SnapshotLine[], count: number): SnapshotLine {
  const sum = new AddedLine(count);
  for (const { mean: saved, kind } of lines) {
    const mean = Float64Array.from(saved, (value) => value ?? Number.NaN);
    sum.add({ min: mean, max: mean, mean }, kind);
  }
  const mean = Array.from(sum.points.mean, (value) => (Number.isNaN(value) ? null : value));
  return { ...(lines[0] as SnapshotLine), key: OTHERS_KEY, mean };
}

function subjectsOf(processes: string | undefined): (line: SnapshotLine) => boolean {
  if (processes === undefined) return ({ subject }) => subject === 'process';
  const keys = new Set(processes.split(','));
  return ({ subject, key }) => keys.has(`${subject}s`) || (subject === 'process' && keys.has(key));
}
