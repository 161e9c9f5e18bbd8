/** A run on its way out, read from the store piece by piece so that its size does not matter. */

import { columns } from '../../protocol/metrics.ts';
import type { ProcessView, RunView } from '../../protocol/query.ts';
import type { ColumnSeries, RunDirectory, RunRecord, SeriesRequest, Store } from '../store/model.ts';

export interface ExportedRun {
  readonly store: Pick<Store, 'series'>;
  readonly record: RunRecord;
  readonly run: RunView;
  readonly directory: RunDirectory;
  readonly processes: readonly ProcessView[];
}

type Subject = NonNullable<SeriesRequest['subjects']>[number];

/** Each reading passes over the whole run: enough subjects for few passes, few enough for little memory. */
const SUBJECTS_AT_ONCE = 256;
/** The stretch of a slice in the store. */
const WINDOW_MS = 300_000;

const columnIds: readonly number[] = columns.map(({ id }) => id);

/** Every series of the run, whole; those of one subject follow each other. */
export function* seriesBySubjects({ store, record, directory }: ExportedRun): Generator<ColumnSeries> {
  const subjects = subjectsOf(record, directory);
  for (let i = 0; i < subjects.length; i += SUBJECTS_AT_ONCE) {
    const some = subjects.slice(i, i + SUBJECTS_AT_ONCE);
    yield* store.series(record.id, { columns: columnIds, subjects: some });
  }
}

/** Every series of the run in pieces: those of one stretch of time after those of the one before. */
export function* seriesByTime({ store, record }: ExportedRun): Generator<readonly ColumnSeries[]> {
  const endMs = lastMs(record);
  for (let fromMs = Number.NEGATIVE_INFINITY; ; fromMs = Math.max(0, fromMs) + WINDOW_MS) {
    const toMs = Math.max(0, fromMs) + WINDOW_MS - 1;
    const isLast = toMs >= endMs;
    yield store.series(record.id, {
      columns: columnIds,
      ...(fromMs >= 0 && { fromMs }),
      ...(!isLast && { toMs }),
    });
    if (isLast) return;
  }
}

function subjectsOf(
  { members }: RunRecord,
  { processes, containers, storage, outputs }: RunDirectory,
): Subject[] {
  return [
    ...processes.map(({ member, index }) => ({ kind: 'process' as const, member, index })),
    ...containers.map(({ member, index }) => ({ kind: 'container' as const, member, index })),
    ...(storage ?? []).map(({ kind, member, index }) => ({ kind, member, index })),
    ...(outputs ?? []).map(({ member, index }) => ({ kind: 'output' as const, member, index })),
    ...members.map((_, member) => ({ kind: 'host' as const, member, index: 0 })),
  ];
}

/** ms since the start of the run: when its last member ended or was heard of. */
function lastMs({ members, startedAtMs }: RunRecord): number {
  const ends = members.map(({ outcome, lastSeenMs }) => outcome?.endedAtMs ?? lastSeenMs);
  return Math.max(0, ...ends) - startedAtMs;
}
