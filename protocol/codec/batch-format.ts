/** Numbers of the batch format that its writer and its reader share; batch.ts explains them. */
import type { ProcessRole, StorageKind } from '../batch.ts';

export const BATCH_MAGIC = Uint8Array.of(0x50, 0x4f, 0x44, 0x42);

/** As it travels, and its blocks again when they are inflated. */
export const MOST_BATCH_BYTES = 8 * 1024 * 1024;

/** Rows × columns of all blocks: few bytes may stand for many equal values, which take 8 bytes each in memory. */
export const MOST_BATCH_CELLS = 8 * 1024 * 1024;

/** Of an output, either way: what a double can tell apart from zero and from infinity. */
export const MOST_DECIMALS = 300;

export const RECORD = {
  end: 0,
  header: 1,
  declaration: 2,
  strings: 3,
  containers: 4,
  processes: 5,
  ticks: 6,
  blocks: 7,
  ends: 8,
  events: 9,
  totals: 10,
  outcome: 11,
  storage: 12,
  outputs: 13,
  results: 14,
} as const;

export const ROLES: readonly ProcessRole[] = ['target', 'agent'];

export const STORAGE_KINDS: readonly StorageKind[] = ['device', 'volume'];
