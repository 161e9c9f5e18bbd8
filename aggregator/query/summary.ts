/**
 * What each process of a run used, from all samples of its columns.
 *
 * A counter of a process that began within the run starts at zero, so its last value is the total. One that is older
 * than the run (`startMs` below zero: `podometer run --pid`) was counting before; there the total is the growth from the first
 * sample to the last.
 */
import { type ColumnName, columnByName } from '../../protocol/metrics.ts';
import type { ProcessView } from '../../protocol/query.ts';
import type { ColumnSeries, ProcessEntry, RunDirectory, RunRecord, Store } from '../store/model.ts';
import { unitValue } from './unit-value.ts';
import { inParts, readTotals, wholeRun } from './whole-run.ts';

interface FieldRule {
  readonly field: keyof ProcessView;
  readonly columns: readonly ColumnName[];
  /** `growth`: the totals of the columns, added up. `peak`: the largest level in any of them. */
  readonly how: 'growth' | 'peak';
}

// biome-ignore format: a table, one field a line
const rules = [
  { field: 'cpuUserSeconds', columns: ['utimeTicks', 'cpuTimeMs'], how: 'growth' },
  { field: 'cpuSystemSeconds', columns: ['stimeTicks'], how: 'growth' },
  { field: 'shortLivedCpuSeconds', columns: ['shortLivedUserTicks', 'shortLivedSystemTicks'], how: 'growth' },
  { field: 'peakRssBytes', columns: ['peakRssBytes', 'rssBytes'], how: 'peak' },
  { field: 'peakPssBytes', columns: ['pssBytes'], how: 'peak' },
  { field: 'readBytes', columns: ['readBytes'], how: 'growth' },
  { field: 'writeBytes', columns: ['writeBytes'], how: 'growth' },
  { field: 'rcharBytes', columns: ['rcharBytes'], how: 'growth' },
  { field: 'wcharBytes', columns: ['wcharBytes'], how: 'growth' },
  { field: 'voluntarySwitches', columns: ['voluntarySwitches'], how: 'growth' },
  { field: 'involuntarySwitches', columns: ['involuntarySwitches'], how: 'growth' },
  { field: 'runDelaySeconds', columns: ['runDelayNs'], how: 'growth' },
  { field: 'blockIoDelaySeconds', columns: ['blockIoDelayTicks'], how: 'growth' },
  { field: 'threadUninterruptibleSeconds', columns: ['threadUninterruptibleMs'], how: 'growth' },
  { field: 'waitLockSeconds', columns: ['waitLockMs'], how: 'growth' },
  { field: 'waitDiskSeconds', columns: ['waitDiskMs'], how: 'growth' },
  { field: 'waitNetworkSeconds', columns: ['waitNetworkMs'], how: 'growth' },
  { field: 'waitPipeSeconds', columns: ['waitPipeMs'], how: 'growth' },
  { field: 'waitTimerSeconds', columns: ['waitTimerMs'], how: 'growth' },
  { field: 'waitChildSeconds', columns: ['waitChildMs'], how: 'growth' },
  { field: 'minorFaults', columns: ['minorFaults'], how: 'growth' },
  { field: 'majorFaults', columns: ['majorFaults'], how: 'growth' },
  { field: 'peakThreads', columns: ['threads'], how: 'peak' },
  { field: 'peakOpenFiles', columns: ['openFiles'], how: 'peak' },
] as const satisfies readonly FieldRule[];

type SummaryField = (typeof rules)[number]['field'];

const resolvedRules = rules.map((rule) => ({
  ...rule,
  columns: rule.columns.map(columnByName).filter((column) => column !== undefined),
}));

/** Ids of the columns that a summary is made from. */
export const summaryColumns: readonly number[] = resolvedRules.flatMap(columnsOf);

/** The name of a process in the API: its member's place in the run, a dot, and its index in that member. */
export function processKey(process: Pick<ProcessEntry, 'member' | 'index'>): string {
  return `${process.member}.${process.index}`;
}

/** `series`: of `summaryColumns`, whole. Processes in the order of the directory. */
export function processViews(
  record: Pick<RunRecord, 'members'>,
  directory: Pick<RunDirectory, 'processes' | 'containers'>,
  series: readonly ColumnSeries[],
): ProcessView[] {
  const bySubject = seriesByProcess(series);
  const known = new Set(directory.processes.map(processKey));
  const containers = new Map(directory.containers.map((one) => [processKey(one), one.name]));
  return directory.processes.map((process) => {
    const own: ProcessSeries = bySubject.get(processKey(process)) ?? new Map();
    return {
      ...identity(process, known, containers),
      member: record.members[process.member]?.name ?? '',
      ...totals(process, own),
      samples: Math.max(0, ...[...own.values()].map((one) => one.values.length)),
    };
  });
}

type ProcessSeries = ReadonlyMap<number, ColumnSeries>;

function seriesByProcess(series: readonly ColumnSeries[]): Map<string, ProcessSeries> {
  const bySubject = new Map<string, Map<number, ColumnSeries>>();
  for (const one of series) {
    if (one.subject !== 'process') continue;
    const key = processKey(one);
    const own = bySubject.get(key) ?? new Map<number, ColumnSeries>();
    bySubject.set(key, own.set(one.column, one));
  }
  return bySubject;
}

function identity(
  process: ProcessEntry,
  known: ReadonlySet<string>,
  containers: ReadonlyMap<string, string>,
): Omit<ProcessView, 'member' | 'samples'> {
  const { member, parent, container, args, endMs, endBoundMs, exitCode } = process;
  const parentKey = parent === undefined ? undefined : processKey({ member, index: parent });
  const containerName =
    container === undefined ? undefined : containers.get(processKey({ member, index: container }));
  return {
    key: processKey(process),
    pid: process.pid,
    ...(parentKey !== undefined && known.has(parentKey) && { parent: parentKey }),
    role: process.role,
    comm: process.comm,
    ...(args !== undefined && { args }),
    ...(containerName !== undefined && { container: containerName }),
    startMs: process.startMs,
    ...(endMs !== undefined && { endMs }),
    ...(endBoundMs !== undefined && { endBoundMs }),
    ...(exitCode !== undefined && { exitCode }),
  };
}

function totals(process: ProcessEntry, own: ProcessSeries): Partial<Record<SummaryField, number>> {
  const values: Partial<Record<SummaryField, number>> = {};
  for (const { field, columns, how } of resolvedRules) {
    const found = columns.flatMap((column) => {
      const one = own.get(column.id);
      if (one === undefined || one.values.length === 0) return [];
      const stored =
        how === 'peak' ? peak(one.spread?.high ?? one.values) : growth(one.values, process.startMs < 0);
      return [unitValue(stored, column)];
    });
    if (found.length === 0) continue;
    values[field] = how === 'peak' ? Math.max(...found) : found.reduce((sum, value) => sum + value, 0);
  }
  return values;
}

function growth(values: Float64Array, olderThanRun: boolean): number {
  const last = values.at(-1) ?? 0;
  return olderThanRun ? last - (values[0] ?? 0) : last;
}

function peak(values: Float64Array): number {
  return values.reduce((greatest, value) => Math.max(greatest, value), Number.NEGATIVE_INFINITY);
}

/** Every process of the run, with what it used. `without`: levels that nobody looks at, for each costs as much as all totals. */
export function readProcesses(
  store: Pick<Store, 'directory' | 'series'>,
  record: RunRecord,
  without: readonly SummaryField[] = [],
): ProcessView[] {
  const directory = store.directory(record.id);
  const { resolutionMs, columnsAtOnce } = wholeRun(record, directory.processes);
  const wanted = resolvedRules.filter(({ field }) => !without.includes(field));
  const { growth: counters = [], peak: levels = [] } = Object.groupBy(wanted, ({ how }) => how);
  const totals = readTotals(store, record, directory, counters.flatMap(columnsOf));
  return inParts(levels, columnsAtOnce).reduce(
    (views, part) => {
      const series = store.series(record.id, { columns: part.flatMap(columnsOf), resolutionMs });
      const read = processViews(record, directory, series);
      return views.map((view, i) => merged(view, read[i] ?? view));
    },
    processViews(record, directory, totals),
  );
}

function columnsOf({ columns }: (typeof resolvedRules)[number]): number[] {
  return columns.map(({ id }) => id);
}

function merged(a: ProcessView, b: ProcessView): ProcessView {
  return { ...a, ...b, samples: Math.max(a.samples, b.samples) };
}
