/** Takes the batches of one file into the history. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { accept } from '../../aggregator/ingest/accept.ts';
import type { Acknowledgement, Store } from '../../aggregator/store/model.ts';
import { BATCH_FILE_SUFFIX, readBatchFile } from '../../lib/batch-file.ts';
import { deflater } from '../../lib/deflater.ts';
import { emptyBatch, spoolFileOf } from '../../lib/spool-file.ts';
import { checkedBefore, decodeBatch } from '../../protocol/codec/batch-decode.ts';
import { encodeBatch } from '../../protocol/codec/batch-encode.ts';
import { type ErrorCode, PodometerError } from '../../protocol/errors.ts';
import { usageError } from '../usage-error.ts';

export interface ImportedFile {
  readonly path: string;
  /** Batches that were not in the history yet. */
  readonly added: number;
  readonly repeated: number;
  /** Why, for each batch that is damaged or does not fit what is in the history. */
  readonly refused: readonly string[];
  /** From where on the file could not be read. */
  readonly unreadable?: { readonly offset: number; readonly detail: string };
  /** The agents whose batches are in the history. */
  readonly agents: ReadonlySet<string>;
}

/** Faults of a batch, which do not keep the next one from being taken in. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'PODO_BATCH_MALFORMED',
  'PODO_BATCH_TOO_LARGE',
  'PODO_BATCH_VERSION',
  'PODO_BATCH_OUT_OF_ORDER',
  'PODO_RUN_NOT_FOUND',
]);

/** Rejects with PODO_STORE_… where the history cannot be written. */
export async function importFile(store: Pick<Store, 'append'>, path: string): Promise<ImportedFile> {
  let added = 0;
  let repeated = 0;
  const refused: string[] = [];
  const agents = new Set<string>();
  for (const entry of readBatchFile(path)) {
    if (entry.kind === 'damaged') {
      const { offset, detail } = entry;
      return { path, added, repeated, refused, agents, unreadable: { offset, detail } };
    }
    const answer = await acknowledgedOrRefused(store, path, entry.bytes);
    if (typeof answer === 'string') refused.push(answer);
    else {
      agents.add(answer.agent);
      if (answer.duplicate) repeated += 1;
      else added += 1;
    }
  }
  return { path, added, repeated, refused, agents };
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

/** The file itself, or those of a folder that are named like one, in the order of their names. Throws PODO_USAGE. */
export function batchFilesAt(operand: string, cwd: string): string[] {
  const path = resolve(cwd, operand);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined)
    throw usageError(`There is no file or folder ${path}`, 'Give the name that `podometer run` told.');
  if (!stat.isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => name.endsWith(BATCH_FILE_SUFFIX));
  if (names.length > 0) return names.toSorted().map((name) => join(path, name));
  throw usageError(
    `The folder ${path} holds no file named *${BATCH_FILE_SUFFIX}`,
    'Give the folder in which podometer was run.',
  );
}
