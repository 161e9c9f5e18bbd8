/** How a whole run is read, so that neither a long one nor one of many processes takes more time and memory than there is. */
import { COLUMNS_A_CELL, LEVEL_WIDTHS_MS } from '../store/level-builder.ts';
import type {
  ColumnSeries,
  ContainerEntry,
  ProcessEntry,
  RunDirectory,
  RunRecord,
  SeriesRequest,
  Store,
} from '../store/model.ts';
import { measuresOf } from './run-view.ts';

/** How many values are read at once: all of a day's would not fit into memory. */
const MOST_VALUES = 3_000_000;
/** Of a long run, cells of this share of it are looked at: they hold its totals and peaks as its samples do. */
const CELL_SHARE = 1 / 1000;

export interface WholeRun {
  readonly resolutionMs: number;
  /** How many of these columns fit into memory together. */
  readonly columnsAtOnce: number;
}

type Measured = Pick<RunRecord, 'members' | 'intervalMs'>;

/** `subjects`: of which the columns are read; a container lives as long as its run. `together`: columns that are needed at once. */
export function wholeRun(
  record: Measured,
  subjects: readonly (ProcessEntry | ContainerEntry)[],
  together = 1,
): WholeRun {
  const wallMs = wallMsOf(record);
  const livedMs = subjects.reduce((sum, subject) => sum + livedWithin(subject, wallMs), 0);
  const share = wallMs * CELL_SHARE;
  const ways = [
    { resolutionMs: share, values: subjects.length + livedMs / record.intervalMs },
    ...LEVEL_WIDTHS_MS.map((cellMs) => ({
      resolutionMs: Math.max(cellMs, share),
      values: COLUMNS_A_CELL * (subjects.length + livedMs / Math.max(cellMs, record.intervalMs)),
    })),
  ];
  const [first, ...coarser] = ways.slice(LEVEL_WIDTHS_MS.filter((cellMs) => cellMs <= share).length);
  const fits = [first, ...coarser].find((way) => way !== undefined && together * way.values <= MOST_VALUES);
  const { resolutionMs = share, values = 1 } = fits ?? coarser.at(-1) ?? first ?? {};
  return { resolutionMs, columnsAtOnce: Math.max(1, Math.floor(MOST_VALUES / Math.max(1, values))) };
}

function wallMsOf({ members }: Pick<RunRecord, 'members'>): number {
  return (measuresOf(members).wallSeconds ?? 0) * 1000;
}

function livedWithin(subject: ProcessEntry | ContainerEntry, wallMs: number): number {
  if (!('startMs' in subject)) return wallMs;
  return Math.max(0, Math.min(subject.endMs ?? wallMs, wallMs) - Math.max(0, subject.startMs));
}

/** The last samples of a process lie within this time of its end, those of seldom read columns, too. */
const LAST_MS = 300_000;
const LAST_INTERVALS = 20;
/** Of a shorter run, all of it is read as fast. */
const LEAST_LASTS = 4;

/**
 * Counters of processes, of which only the totals are wanted: two samples of each, the first (of a process that began within
 * the run, zero at its start) and the last. Of those that lived to the end of a long run nothing but the end is read.
 */
export function readTotals(
  store: Pick<Store, 'series'>,
  record: Measured & Pick<RunRecord, 'id'>,
  { processes }: Pick<RunDirectory, 'processes'>,
  columns: readonly number[],
): ColumnSeries[] {
  const wallMs = wallMsOf(record);
  const lastMs = Math.max(LAST_MS, LAST_INTERVALS * record.intervalMs);
  const { resolutionMs, columnsAtOnce } = wholeRun(record, processes);
  const byKey = new Map(processes.map((process) => [keyOf(process), process]));
  const read = (request: Omit<SeriesRequest, 'columns' | 'resolutionMs'>, atOnce: number): ColumnSeries[] =>
    inParts(columns, atOnce).flatMap((part) =>
      store
        .series(record.id, { ...request, columns: part, resolutionMs })
        .filter(({ subject, times }) => subject === 'process' && times.length > 0)
        .map((one) => totalOf(one, byKey.get(keyOf(one))?.startMs)),
    );
  if (wallMs < LEAST_LASTS * lastMs) return read({}, columnsAtOnce);
  const isLate = ({ startMs, endMs = wallMs }: ProcessEntry): boolean =>
    startMs >= 0 && endMs >= wallMs - lastMs / 2;
  const late = new Set(processes.filter(isLate).map(keyOf));
  const ends = read({ fromMs: wallMs - lastMs }, columns.length).filter((one) => late.has(keyOf(one)));
  const known = new Set(ends.map(keyOf));
  const subjects = processes
    .filter((process) => !known.has(keyOf(process)))
    .map(({ member, index }) => ({ kind: 'process' as const, member, index }));
  return subjects.length === 0 ? ends : [...ends, ...read({ subjects }, columnsAtOnce)];
}

function totalOf({ spread: _, ...series }: ColumnSeries, startMs = -1): ColumnSeries {
  const [firstMs, first] = startMs < 0 ? [series.times[0] ?? 0, series.values[0] ?? 0] : [startMs, 0];
  return {
    ...series,
    times: Float64Array.of(firstMs, series.times.at(-1) ?? firstMs),
    values: Float64Array.of(first, series.values.at(-1) ?? first),
  };
}

export function inParts<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

function keyOf({ member, index }: Pick<ProcessEntry, 'member' | 'index'>): string {
  return `${member}.${index}`;
}
