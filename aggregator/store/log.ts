/** The log: batches as they came, until sealing takes them into slices. */

import { deflater } from '../../lib/deflater.ts';
import type { Batch } from '../../protocol/batch.ts';
import { checkedBefore, decodeBatch } from '../../protocol/codec/batch-decode.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { logKey, logRange, type StoredRun } from './keys.ts';
import type { MemberRecord } from './model.ts';
import { readMembers } from './runs.ts';
import type { Tables } from './tables.ts';

export interface LogEntry {
  readonly place: number;
  readonly sequence: number;
  readonly byteLength: number;
  /** Undefined where the bytes are damaged: that costs this batch alone. */
  readonly batch: Batch | undefined;
  /** ms from the start of the run to the batch's time zero. */
  readonly offsetMs: number;
}

/** What is not in slices yet: member by member, each in the order of its sequence. */
export function* readLog(tables: Tables, run: StoredRun): Generator<LogEntry> {
  for (const [place, member] of readMembers(tables, run.id).entries()) {
    const from = (run.seal.through[place] ?? -1) + 1;
    for (const { key, value } of tables.log.getRange(logRange(run.id, place, from, member.lastSequence))) {
      const [, , sequence] = key as [string, number, number];
      yield toEntry(run, member, { place, sequence }, value);
    }
  }
}

/** One batch; undefined where it is not there. */
export function readLogEntry(
  tables: Tables,
  run: StoredRun,
  member: MemberRecord,
  at: Pick<LogEntry, 'place' | 'sequence'>,
): LogEntry | undefined {
  const value = tables.log.get(logKey(run.id, at.place, at.sequence));
  return value && toEntry(run, member, at, value);
}

function toEntry(
  run: StoredRun,
  member: MemberRecord,
  at: Pick<LogEntry, 'place' | 'sequence'>,
  value: Uint8Array,
): LogEntry {
  const offsetMs = member.epochMs - run.startedAtMs;
  return { ...at, byteLength: value.length, batch: decodeIntact(value), offsetMs };
}

function decodeIntact(bytes: Uint8Array): Batch | undefined {
  try {
    return decodeBatch(bytes, checkedBefore, deflater);
  } catch (error) {
    if (error instanceof PodometerError) return undefined;
    throw error;
  }
}
