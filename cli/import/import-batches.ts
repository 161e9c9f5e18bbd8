/** Takes the batches of one file into the history. */
import { basename } from 'node:path';
import { accept } from '../../aggregator/ingest/accept.ts';
import type { Acknowledgement, Store } from '../../aggregator/store/model.ts';
import { readBatchFile } from '../../lib/batch-file.ts';
import { deflater } from '../../lib/deflater.ts';
import { emptyBatch, spoolFileOf } from '../../lib/spool-file.ts';
import { checkedBefore, decodeBatch } from '../../protocol/codec/batch-decode.ts';
import { encodeBatch } from '../../protocol/codec/batch-encode.ts';
import { type ErrorCode, PodometerError } from '../../protocol/errors.ts';
import type { Imported } from './imported.ts';

/** Faults of a batch, which do not keep the next one from being taken in. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'PODO_BATCH_MALFORMED',
  'PODO_BATCH_TOO_LARGE',
  'PODO_BATCH_VERSION',
  'PODO_BATCH_OUT_OF_ORDER',
  'PODO_RUN_NOT_FOUND',
]);

/** Rejects with PODO_STORE_… where the history cannot be written. */
export async function importBatches(store: Pick<Store, 'append' | 'runs'>, path: string): Promise<Imported> {
  const kind = 'batches';
  let added = 0;
  let repeated = 0;
  const refused: string[] = [];
  const agents = new Set<string>();
  for (const entry of readBatchFile(path)) {
    if (entry.kind === 'damaged') {
      const { offset, detail } = entry;
      const unreadable = { offset, detail };
      return { path, kind, added, repeated, refused, runs: runsOf(store, agents), unreadable };
    }
    const answer = await acknowledgedOrRefused(store, path, entry.bytes);
    if (typeof answer === 'string') refused.push(answer);
    else {
      agents.add(answer.agent);
      if (answer.duplicate) repeated += 1;
      else added += 1;
    }
  }
  return { path, kind, added, repeated, refused, runs: runsOf(store, agents) };
}

/** Ids of the runs that batches of these agents belong to. */
function runsOf(store: Pick<Store, 'runs'>, agents: ReadonlySet<string>): string[] {
  return [...store.runs()]
    .filter(({ members }) => members.some(({ agent }) => agents.has(agent)))
    .map(({ id }) => id);
}

async function acknowledgedOrRefused(
  store: Pick<Store, 'append'>,
  path: string,
  bytes: Uint8Array,
): Promise<Acknowledgement | string> {
  try {
    return await acceptWithEarlier(store, path, bytes);
  } catch (error) {
    if (error instanceof PodometerError && REFUSALS.has(error.code)) return error.message;
    throw error;
  }
}

/** A batch of a spool that was full goes with an empty one for each that became part of it. */
async function acceptWithEarlier(
  store: Pick<Store, 'append'>,
  path: string,
  bytes: Uint8Array,
): Promise<Acknowledgement> {
  try {
    return await accept(store, bytes);
  } catch (error) {
    const { first = Number.POSITIVE_INFINITY } = spoolFileOf(basename(path)) ?? {};
    if (!(error instanceof PodometerError && error.code === 'PODO_BATCH_OUT_OF_ORDER')) throw error;
    const batch = decodeBatch(bytes, checkedBefore, deflater);
    if (first >= batch.sequence) throw error;
    for (let sequence = first; sequence < batch.sequence; sequence++) {
      await accept(store, encodeBatch(emptyBatch(batch, sequence), deflater));
    }
    return accept(store, bytes);
  }
}
