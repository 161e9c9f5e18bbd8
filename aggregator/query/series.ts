/** The series of a run as asked for: what to read from the store, and the answer from what was read. */
import type { SubjectKindOnWire } from '../../protocol/batch.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { type Column, columnById, columnByName, columns } from '../../protocol/metrics.ts';
import type { SeriesAnswer, SeriesLine, SeriesQuery } from '../../protocol/query.ts';
import type { ColumnSeries, RunDirectory, RunRecord, SeriesRequest } from '../store/model.ts';
import { AddedLine } from './added-lines.ts';
import { columnScales } from './column-scales.ts';
import { sinceOrigin } from './counter-origin.ts';
import {
  type BucketPoints,
  type Buckets,
  bucketWidthMs,
  downsampleCounter,
  downsampleGauge,
  meanRates,
  type Samples,
} from './downsample.ts';
import { lineSubjects } from './line-subjects.ts';
import { nearest } from './nearest.ts';
import { measuresOf } from './run-view.ts';
import { storageNames } from './subject-names.ts';
import { processKey } from './summary.ts';
import { rounded, unitValue } from './unit-value.ts';

const DEFAULT_POINTS = 500;

/** A slow column is read every 5 ticks or every second, whichever is longer; twice that finds its neighbours. */
const MARGIN_TICKS = 10;
const LEAST_MARGIN_MS = 2000;

/** What may be asked for in place of processes. */
const OTHER_SUBJECTS: ReadonlyMap<string, SubjectKindOnWire> = new Map([
  ['containers', 'container'],
  ['hosts', 'host'],
  ['devices', 'device'],
  ['volumes', 'volume'],
  ['outputs', 'output'],
]);

export interface SeriesPlan {
  readonly request: SeriesRequest;
  readonly subject: SubjectKindOnWire;
  readonly together: SeriesQuery['together'];
  /** Keys of the processes that are asked for by name. */
  readonly own: ReadonlySet<string>;
  readonly fromMs: number;
  /** Undefined: to the end of the run, or to its last sample while it runs. */
  readonly toMs: number | undefined;
  readonly points: number;
}

/**
 * Checks a query and says what to read: a little more than was asked for, so that the rates at both edges are known.
 * Throws PODO_BAD_REQUEST.
 */
export function planSeries(query: SeriesQuery, record: RunRecord, directory: RunDirectory): SeriesPlan {
  const { from, to } = query;
  const fromMs = from ?? 0;
  if (to !== undefined && to <= fromMs) {
    throw badRequest(`"to" is ${to}, which is not after "from" (${fromMs})`, 'Give a later "to".');
  }
  const points = query.points ?? DEFAULT_POINTS;
  // A cell of a level that is no wider than half a bucket blurs no edge that could be seen.
  const resolutionMs = Math.max(0, ((to ?? reachMs(record)) - fromMs) / points / 2);
  const marginMs = Math.max(marginOf(record), resolutionMs);
  return {
    ...subjectsOf(query, directory, {
      columns: query.columns.split(',').map((name) => columnOf(name.trim()).id),
      ...(from !== undefined && { fromMs: from - marginMs }),
      ...(to !== undefined && { toMs: to + marginMs }),
      resolutionMs,
      meansOnly: query.only === 'mean',
    }),
    together: query.together,
    fromMs,
    toMs: to,
    points,
  };
}

/** `read`: what the store answered to the plan's request. */
export function buildSeries(
  plan: SeriesPlan,
  record: RunRecord,
  directory: RunDirectory,
  read: readonly ColumnSeries[],
): SeriesAnswer {
  const series = read.filter((one) => one.subject === plan.subject);
  const { fromMs } = plan;
  const toMs = Math.max(plan.toMs ?? extentMs(record, series), fromMs + 1);
  const buckets: Buckets = { fromMs, toMs, count: plan.points };
  const widthMs = bucketWidthMs(buckets);
  return {
    fromMs,
    toMs,
    times: Array.from({ length: plan.points }, (_, i) => fromMs + i * widthMs),
    lines: linesOf(plan, record, directory, series, buckets),
    gaps: directory.events
      .filter((event) => event.kind === 'gap' && event.atMs >= fromMs && event.atMs <= toMs)
      .map((event) => ({ atMs: event.atMs, missed: event.value ?? 0 })),
  };
}

function linesOf(
  plan: SeriesPlan,
  record: RunRecord,
  directory: RunDirectory,
  series: readonly ColumnSeries[],
  buckets: Buckets,
): SeriesLine[] {
  const processes = new Map(directory.processes.map((process) => [processKey(process), process]));
  const subjectOf = lineSubjects(plan, record, directory);
  const nameOf = storageNames(directory);
  const scaleOf = columnScales(directory);
  const lines: SeriesLine[] = [];
  const { meansOnly = false } = plan.request;
  const lineOf = meansOnly ? meanLine : fullLine;
  const sums = new Map<string, { readonly of: LineOf; readonly column: Column; readonly sum: AddedLine }>();
  for (const one of series) {
    const column = columnById(one.column);
    const of = subjectOf(one);
    if (column === undefined || of === undefined) continue;
    const startMs = one.subject === 'process' ? processes.get(processKey(one))?.startMs : undefined;
    const originMs = originOf(startMs, plan.request.fromMs);
    const points = pointsOf(one, column, buckets, { originMs, meansOnly });
    if (points.mean.every(Number.isNaN)) continue;
    const scaled = { ...of, name: nameOf(one), scale: scaleOf(one, column) };
    if (!of.isSum) {
      lines.push(lineOf(scaled, column, points));
      continue;
    }
    const key = `${of.key} ${column.id}`;
    const known = sums.get(key) ?? { of: scaled, column, sum: new AddedLine(buckets.count) };
    known.sum.add(points, column.kind);
    sums.set(key, known);
  }
  return [...lines, ...[...sums.values()].map(({ of, column, sum }) => lineOf(of, column, sum.points))];
}

function columnOf(name: string): Column {
  const column = columnByName(name);
  if (column !== undefined) return column;
  const near = nearest(
    name,
    columns.map((one) => one.name),
  );
  throw badRequest(
    `"columns" names "${name}", which is not a column`,
    near.length > 0
      ? `Did you mean ${near.join(' or ')}? docs/metrics.md lists all columns.`
      : 'docs/metrics.md lists all columns.',
  );
}

function subjectsOf(
  { processes, together }: SeriesQuery,
  directory: RunDirectory,
  request: SeriesRequest,
): Pick<SeriesPlan, 'request' | 'subject' | 'own'> {
  const own = new Set<string>();
  if (processes === undefined) return { subject: 'process', own, request };
  const others = OTHER_SUBJECTS.get(processes);
  if (others !== undefined) {
    if (together === undefined) return { subject: others, own, request };
    throw badRequest(
      `"together" adds up processes, and "processes" names "${processes}"`,
      'Leave one of the two out.',
    );
  }
  const byKey = new Map(directory.processes.map((process) => [processKey(process), process]));
  const subjects = processes.split(',').map((name) => {
    const key = name.trim();
    const process = byKey.get(key);
    own.add(key);
    if (process !== undefined)
      return { kind: 'process', member: process.member, index: process.index } as const;
    throw badRequest(
      `"processes" names "${name}", which is not a process of this run`,
      'The keys stand in the answer of /processes; `containers`, `hosts`, `devices`, `volumes` and `outputs` are the other subjects.',
    );
  });
  return { subject: 'process', own, request: together === undefined ? { ...request, subjects } : request };
}

function marginOf(record: RunRecord): number {
  const stretchedMs = (measuresOf(record.members).intervalSeconds ?? 0) * 1000;
  return Math.max(LEAST_MARGIN_MS, MARGIN_TICKS * Math.max(record.intervalMs, stretchedMs));
}

/** How far the run reaches so far, ms since its start. */
function reachMs({ members, startedAtMs }: RunRecord): number {
  const ends = members.map(({ outcome, lastSeenMs }) => (outcome?.endedAtMs ?? lastSeenMs) - startedAtMs);
  return Math.max(0, ...ends);
}

function extentMs(record: RunRecord, series: readonly ColumnSeries[]): number {
  const ends = record.members.map((member) => (member.outcome?.endedAtMs ?? 0) - record.startedAtMs);
  return Math.max(0, ...ends, ...series.map((one) => one.times.at(-1) ?? 0));
}

/** When the counters of a process were zero, where that moment lies in the run and in the stretch that was read. */
function originOf(startMs: number | undefined, readFromMs: number | undefined): number | undefined {
  if (startMs === undefined || startMs < Math.max(0, readFromMs ?? 0)) return undefined;
  return startMs;
}

const UNKNOWN = new Float64Array();

interface Wanted {
  readonly originMs: number | undefined;
  /** Of a counter, no least and greatest are looked for. */
  readonly meansOnly: boolean;
}

function pointsOf(
  samples: Samples,
  column: Column,
  buckets: Buckets,
  { originMs, meansOnly }: Wanted,
): BucketPoints {
  if (column.kind === 'gauge') return downsampleGauge(samples, buckets);
  const counted = sinceOrigin(samples, originMs);
  if (!meansOnly) return downsampleCounter(counted, buckets);
  return { min: UNKNOWN, max: UNKNOWN, mean: meanRates(counted, buckets) };
}

interface LineOf {
  readonly subject: SubjectKindOnWire;
  readonly key: string;
  readonly name: string | undefined;
  readonly scale: number;
}

function fullLine(of: LineOf, column: Column, points: BucketPoints): SeriesLine {
  return { ...meanLine(of, column, points), min: inUnit(points.min, of), max: inUnit(points.max, of) };
}

function meanLine(of: LineOf, column: Column, { mean }: BucketPoints): SeriesLine {
  const { subject, key, name } = of;
  return {
    subject,
    key,
    ...(name !== undefined && { name }),
    column: column.name,
    kind: column.kind,
    unit: column.unit,
    mean: inUnit(mean, of),
  };
}

function inUnit(values: Float64Array, of: LineOf): (number | null)[] {
  const converted: (number | null)[] = new Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    converted[i] = Number.isNaN(value) ? null : rounded(unitValue(value, of));
  }
  return converted;
}

function badRequest(message: string, mend: string): PodometerError {
  return new PodometerError('PODO_BAD_REQUEST', message, mend);
}
