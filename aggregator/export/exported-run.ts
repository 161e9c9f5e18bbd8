/** A run on its way out, read from the store piece by piece so that its size does not matter. */
import { columns } from '../../protocol/metrics.ts';
import type { ProcessView, RunView } from '../../protocol/query.ts';
import { runView, type StateOf } from '../query/run-view.ts';
import { readProcesses } from '../query/summary.ts';
import type { ColumnSeries, RunDirectory, RunRecord, SeriesRequest, Store } from '../store/model.ts';

export interface ExportedRun {
  readonly store: Store;
  readonly stateOf: StateOf;
  readonly record: RunRecord;
  readonly run: RunView;
  readonly directory: RunDirectory;
  readonly processes: readonly ProcessView[];
}

export function exportedRun(store: Store, stateOf: StateOf, record: RunRecord): ExportedRun {
  const directory = store.directory(record.id);
  return {
    store,
    stateOf,
    record,
    run: runView(record, stateOf(record)),
    directory,
    processes: readProcesses(store, record),
  };
}

export type Subject = NonNullable<SeriesRequest['subjects']>[number];

/** A stretch that is read at once: a slice of the store, or this many ticks where that is less. */
const WINDOW_MS = 300_000;
const WINDOW_TICKS = 3000;
/** Samples that are held at once when whole series are read. Each reading passes over the whole run. */
const MOST_VALUES = 4_000_000;

const allColumns: readonly number[] = columns.map(({ id }) => id);

/** Every series of these columns, whole; those of one subject follow each other. */
export function* seriesBySubjects(
  { store, record, directory }: ExportedRun,
  columnIds: readonly number[] = allColumns,
): Generator<ColumnSeries> {
  for (const subjects of inPortions(subjectsOf(record, directory), columnIds.length, record)) {
    yield* store.series(record.id, { columns: columnIds, subjects });
  }
}

/** Every series of these columns in pieces: those of one stretch of time after those of the one before. */
export function* seriesByTime(
  { store, record }: ExportedRun,
  columnIds: readonly number[] = allColumns,
): Generator<readonly ColumnSeries[]> {
  const endMs = lastMs(record);
  const windowMs = Math.min(WINDOW_MS, WINDOW_TICKS * record.intervalMs);
  for (let fromMs = Number.NEGATIVE_INFINITY; ; fromMs = Math.max(0, fromMs) + windowMs) {
    const toMs = Math.max(0, fromMs) + windowMs - 1;
    const isLast = toMs >= endMs;
    yield store.series(record.id, {
      columns: columnIds,
      ...(fromMs >= 0 && { fromMs }),
      ...(!isLast && { toMs }),
    });
    if (isLast) return;
  }
}

interface SubjectLife {
  readonly subject: Subject;
  readonly lifeMs: number;
}

/** Hosts are those of the members. */
function subjectsOf(
  record: RunRecord,
  { processes, containers, storage = [], outputs = [] }: RunDirectory,
): SubjectLife[] {
  const wholeMs = lastMs(record);
  const ofRun = (kind: Subject['kind'], member: number, index: number): SubjectLife => ({
    subject: { kind, member, index },
    lifeMs: wholeMs,
  });
  return [
    ...processes.map(({ member, index, startMs, endMs = wholeMs }) => ({
      subject: { kind: 'process' as const, member, index },
      lifeMs: endMs - Math.max(0, startMs),
    })),
    ...containers.map(({ member, index }) => ofRun('container', member, index)),
    ...storage.map(({ kind, member, index }) => ofRun(kind, member, index)),
    ...outputs.map(({ member, index }) => ofRun('output', member, index)),
    ...record.members.map((_, member) => ofRun('host', member, 0)),
  ];
}

/** As many subjects as may be held at once, by how long they lived; at least one. */
function* inPortions(
  subjects: readonly SubjectLife[],
  columnCount: number,
  { intervalMs }: RunRecord,
): Generator<Subject[]> {
  let portion: Subject[] = [];
  let values = 0;
  for (const { subject, lifeMs } of subjects) {
    const own = (lifeMs / intervalMs + 1) * columnCount;
    if (portion.length > 0 && values + own > MOST_VALUES) {
      yield portion;
      portion = [];
      values = 0;
    }
    portion.push(subject);
    values += own;
  }
  if (portion.length > 0) yield portion;
}

/** ms since the start of the run: when its last member ended or was heard of. */
function lastMs({ members, startedAtMs }: RunRecord): number {
  const ends = members.map(({ outcome, lastSeenMs }) => outcome?.endedAtMs ?? lastSeenMs);
  return Math.max(0, ...ends) - startedAtMs;
}
