/** Finds the runs that a side of a comparison names (forms: SIDE_FORMS in protocol/comparison.ts). */
import { SIDE_FORMS } from '../../protocol/comparison.ts';
import { PodometerError } from '../../protocol/errors.ts';
import type { RunRecord } from '../store/model.ts';
import { type RunIndex, resolveRun } from './resolve-run.ts';
import { endedWell } from './run-outcome.ts';
import type { StateOf } from './run-view.ts';

/** More take longer to judge than anybody waits. */
const MOST_RUNS = 100;

export interface SelectedSide {
  readonly label: string;
  /** Oldest first, each once. */
  readonly records: readonly [RunRecord, ...RunRecord[]];
}

/** Where runs are looked for. */
export interface RunSource {
  readonly index: RunIndex;
  readonly stateOf: StateOf;
}

/**
 * `before`: `@last:N` finds runs that started before all of these. Throws PODO_RUN_NOT_FOUND where there is no such run,
 * PODO_BAD_REQUEST for more than 100.
 */
export function selectRuns(
  source: RunSource,
  expression: string,
  before: readonly RunRecord[] = [],
): SelectedSide {
  const parts = expression.split(',').map((part) => part.trim());
  const found = parts.flatMap((part) => runsOf(source, part, before));
  const [first, ...rest] = [...new Map(found.map((record) => [record.id, record])).values()].sort(
    (a, b) => a.startedAtMs - b.startedAtMs,
  );
  if (first === undefined) throw namesNoRun(expression);
  if (rest.length >= MOST_RUNS) {
    throw new PodometerError(
      'PODO_BAD_REQUEST',
      `"${expression}" names ${rest.length + 1} runs`,
      `A side has at most ${MOST_RUNS}; name fewer, for example with @last:50.`,
    );
  }
  return { label: expression, records: [first, ...rest] };
}

/** Both sides; the baseline's `@last:N` ends before the other side begins. */
export function selectSides(
  source: RunSource,
  a: string,
  b: string,
): { readonly a: SelectedSide; readonly b: SelectedSide } {
  const other = selectRuns(source, b);
  return { a: selectRuns(source, a, other.records), b: other };
}

function runsOf(source: RunSource, part: string, before: readonly RunRecord[]): readonly RunRecord[] {
  const { index } = source;
  const [, workload = '', from, to, last, key, value] =
    /^(.+?)@(?:(\d+)\.\.(\d+)|last:(\d+)|([\w][\w./-]*)=(.*))$/.exec(part) ?? [];
  if (workload === '') return [resolveRun(index, part)];
  // Of a workload that has no runs, this throws with the names that may have been meant.
  resolveRun(index, `${workload}@latest`);
  const found =
    last !== undefined
      ? goodRuns(source, workload, { most: Number(last), before })
      : [...index.runs({ workload })].filter((record) =>
          key === undefined
            ? record.number >= Number(from) && record.number <= Number(to)
            : record.tags[key] === value,
        );
  if (found.length > 0) return found;
  throw namesNoRun(part);
}

function namesNoRun(expression: string): PodometerError {
  return new PodometerError('PODO_RUN_NOT_FOUND', `"${expression}" names no run`, SIDE_FORMS);
}

export interface GoodRunsRequest {
  readonly most: number;
  /** Only runs that started before all of these. */
  readonly before: readonly RunRecord[];
  readonly isWanted?: (record: RunRecord) => boolean;
}

/** The runs of a workload that ended well, newest first. */
export function goodRuns(
  source: RunSource,
  workload: string,
  { most, before, isWanted = () => true }: GoodRunsRequest,
): RunRecord[] {
  const found: RunRecord[] = [];
  const taken = new Set(before.map(({ id }) => id));
  const untilMs = Math.min(...before.map(({ startedAtMs }) => startedAtMs));
  for (const record of source.index.runs({ workload })) {
    if (found.length === most) break;
    if (taken.has(record.id) || record.startedAtMs > untilMs) continue;
    if (isWanted(record) && isGoodRun(source, record)) found.push(record);
  }
  return found;
}

/** Whether it is finished, and nothing says that it failed. */
export function isGoodRun({ stateOf }: RunSource, record: RunRecord): boolean {
  return endedWell(record, stateOf(record));
}
