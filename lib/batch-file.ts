/**
 * Batches that could not be given to a store, kept in a file until `podometer import` takes them in:
 *
 *     file   = (length:u32le  batch:length bytes)*
 *
 * A batch says itself whether it is whole (protocol/batch.ts), so that the file needs no sum of its own. What follows
 * a length that cannot be one is lost: nothing marks where the next batch begins.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { MOST_BATCH_BYTES } from '../protocol/codec/batch-format.ts';

export const BATCH_FILE_SUFFIX = '.batches';

/** What stands before each batch: its length. */
export const RECORD_HEAD_BYTES = 4;

/** One batch as it stands in a file. */
export function batchRecord(bytes: Uint8Array): Buffer {
  const record = Buffer.alloc(RECORD_HEAD_BYTES + bytes.length);
  record.writeUInt32LE(bytes.length);
  record.set(bytes, RECORD_HEAD_BYTES);
  return record;
}

/** The name of the file that keeps the batches of a run. */
export function batchFileName(run: string): string {
  return `podometer-${run}${BATCH_FILE_SUFFIX}`;
}

export interface BatchFile {
  readonly path: string;
  /** Resolves when the batch is safe on disk; rejects with the system's error, and the file is as it was before. */
  append(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Creates the file, readable by its owner only, or goes on at its end. Rejects with the system's error. */
export async function openBatchFile(path: string): Promise<BatchFile> {
  const file = await open(path, 'a', 0o600);
  let { size } = await file.stat();
  return {
    path,
    async append(bytes) {
      const record = batchRecord(bytes);
      try {
        await file.writeFile(record);
        await file.sync();
      } catch (error) {
        await cutBack(file, size);
        throw error;
      }
      size += record.length;
    },
    close: () => file.close(),
  };
}

/** Takes half a record away again, so that the next one stands where a reader looks for it. */
async function cutBack(file: FileHandle, size: number): Promise<void> {
  try {
    await file.truncate(size);
  } catch {
    // A disk that refuses this too keeps half a record, which a reader tells of.
  }
}

export type BatchFileEntry =
  | { readonly kind: 'batch'; readonly offset: number; readonly bytes: Uint8Array }
  /** From here to the end of the file nothing can be read. */
  | { readonly kind: 'damaged'; readonly offset: number; readonly detail: string };

/** One batch in memory at a time; their content is not looked at. Throws the system's error. */
export function* readBatchFile(path: string): Generator<BatchFileEntry, void> {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    let offset = 0;
    while (offset < size) {
      const length = readAt(fd, offset, RECORD_HEAD_BYTES)?.readUInt32LE();
      const detail = damageOf(length, size - offset - RECORD_HEAD_BYTES);
      const bytes =
        detail === undefined && length !== undefined
          ? readAt(fd, offset + RECORD_HEAD_BYTES, length)
          : undefined;
      if (bytes === undefined) {
        yield { kind: 'damaged', offset, detail: detail ?? 'the file became shorter' };
        return;
      }
      yield { kind: 'batch', offset, bytes };
      offset += RECORD_HEAD_BYTES + bytes.length;
    }
  } finally {
    closeSync(fd);
  }
}

function damageOf(length: number | undefined, left: number): string | undefined {
  if (length === undefined) return 'the length of the last batch is cut off';
  if (length === 0 || length > MOST_BATCH_BYTES) return `${length} cannot be the length of a batch`;
  return length > left ? `the last batch is cut off after ${left} of ${length} bytes` : undefined;
}

/** Undefined where the file ends before. */
function readAt(fd: number, offset: number, length: number): Buffer | undefined {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const read = readSync(fd, bytes, filled, length - filled, offset + filled);
    if (read === 0) return undefined;
    filled += read;
  }
  return bytes;
}
