/**
 * # Keys: what lies where
 *
 * One LMDB environment in the data folder, eleven named databases. Keys are lists in LMDB's ordered-binary form, so that
 * entries that are read together lie together; values are MessagePack but for `log` and `slices`, which hold bytes.
 *
 *     meta         'format'                     → Format
 *     runs         run id                       → StoredRun: what is said of the run as a whole
 *     members      [run id, place]              → MemberRecord, versioned by lastSequence + 1
 *     agents       agent instance               → [run id, place]
 *     pods         [run id, pod uid]            → Pod (protocol/pods.ts), of runs in a cluster
 *     numbers      [workload name, 0]           → the last number given in this workload; never falls
 *                  [workload name, N]           → run id
 *     order        ['', −startedAtMs, run id]   → true; all runs, newest first
 *                  [workload name, −startedAtMs, run id] → true; those of one workload, newest first
 *     log          [run id, place, sequence]    → a batch, byte for byte as it came
 *     slices       [run id, part, start]        → codec/slice.ts; `start` is ms since the run's start
 *                  [run id, −width, part, start] → a level of cells of `width` ms (level-builder.ts)
 *     directories  run id                       → RunDirectory of everything that is sealed
 *     sweeps       run id                       → true; entries may be left that nothing refers to (compact.ts)
 *                                                 Draft: a run that is being copied; without it, none (copy-runs.ts)
 *
 * `place` is a member's place in its run's list: 0, 1, 2, … A member's record is apart from its run's, so that a batch
 * of one member of a thousand rewrites that member alone. `part` numbers the passes of sealing: a slice counts only
 * where its part is listed in the run's `seal`, and a batch in the log only where its sequence is above
 * `seal.through[place]`. So history changes its form in one small write: the one of the run's record.
 */
import type { Key } from 'lmdb';
import type { RunRecord } from './model.ts';

/**
 * A store with a higher number is not opened; one with a lower is read as it is, and gets this number from who may write.
 *
 *     1   every slice holds 300 s
 *     2   how long slices are differs from part to part: who counts on 300 s would miss samples
 */
export const FORMAT_VERSION = 2;

export const FORMAT_KEY = 'format';

export interface Format {
  readonly version: number;
  /** ms since the Unix epoch. */
  readonly createdAtMs: number;
}

/** How much of a run is in slices. */
export interface Seal {
  /** The passes whose slices count, in the order of their time. */
  readonly parts: readonly number[];
  /** The number of the next pass. A pass counts only if no other was begun after it. */
  readonly nextPart: number;
  /** Parts up to this number are not merged any more (merge-parts.ts). */
  readonly mergedThrough?: number;
  /** By place: the last sequence that is in slices; absent or −1: none. */
  readonly through: readonly number[];
  /** By place: how much of the member's `bytes` that is. */
  readonly throughBytes?: readonly number[];
  /** Bytes of the slices of all parts, as they were written. */
  readonly bytes?: { readonly samples: number; readonly levels: number };
  /** Of parts below this number the samples count no more where the part has a level (retention). */
  readonly samplesFrom?: number;
  /** Of parts below this number nothing counts any more. */
  readonly levelsFrom?: number;
}

export type StoredRun = Omit<RunRecord, 'members' | 'pods' | 'sealed' | 'isScattered'> & {
  readonly seal: Seal;
};

/** Of a run that is not in `runs` yet. */
export interface Draft {
  /** Who works on it. */
  readonly copier: string;
  /** When it was worked on last, ms since the Unix epoch. */
  readonly atMs: number;
}

/** A draft that was not worked on for so long was left by a process that died. */
export const DRAFT_PATIENCE_MS = 60_000;

export type MemberPlace = readonly [run: string, place: number];

/** `order` lists every run under this name, which no workload can have. */
const ALL_WORKLOADS = '';

/** Sorts after every uid. */
const LAST_TEXT = '\u{10ffff}';

/** A half-open stretch of keys, as lmdb's range options. */
export interface KeyRange {
  readonly start: Key;
  readonly end: Key;
}

export const memberKey = (run: string, place: number): Key => [run, place];

export const podKey = (run: string, uid: string): Key => [run, uid];

/** Every pod of a run. */
export const podRange = (run: string): KeyRange => ({ start: [run], end: [run, LAST_TEXT] });

export const counterKey = (workload: string): Key => [workload, 0];

export const numberKey = (workload: string, number: number): Key => [workload, number];

/** The two entries of `order` of a run. */
export function orderKeys(run: Pick<StoredRun, 'id' | 'startedAtMs' | 'workload'>): Key[] {
  return [ALL_WORKLOADS, run.workload.name].map((name) => [name, -run.startedAtMs, run.id]);
}

export const orderRange = (workload: string = ALL_WORKLOADS): KeyRange => ({
  start: [workload],
  end: [workload, Number.POSITIVE_INFINITY],
});

export const logKey = (run: string, place: number, sequence: number): Key => [run, place, sequence];

/** The batches `from` to `to`, both included. */
export const logRange = (run: string, place: number, from: number, to: number): KeyRange => ({
  start: logKey(run, place, from),
  end: logKey(run, place, to + 1),
});

export const sliceKey = (run: string, part: number, startMs: number): Key => [run, part, startMs];

/** The slices of a part that begin in [fromMs, toMs]. */
export const sliceRange = (run: string, part: number, fromMs: number, toMs: number): KeyRange => ({
  start: sliceKey(run, part, fromMs),
  end: [run, part, toMs, 0],
});

/** The slices of a part that begin at `ms` or before, the last one first. */
export const sliceRangeBackwards = (
  run: string,
  part: number,
  ms: number,
): KeyRange & { readonly reverse: true } => ({
  start: sliceKey(run, part, ms),
  end: [run, part],
  reverse: true,
});

export const levelKey = (run: string, widthMs: number, part: number, startMs: number): Key => [
  run,
  -widthMs,
  part,
  startMs,
];

/** The slices of a level of a part that begin in [fromMs, toMs]. */
export const levelRange = (
  run: string,
  widthMs: number,
  part: number,
  fromMs: number,
  toMs: number,
): KeyRange => ({
  start: levelKey(run, widthMs, part, fromMs),
  end: [run, -widthMs, part, toMs, 0],
});

/** Everything of one run, in `log` or `slices`. */
export const runRange = (run: string): KeyRange => ({ start: [run], end: [run, Number.POSITIVE_INFINITY] });
