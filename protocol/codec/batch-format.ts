/** Numbers of the batch format that its writer and its reader share; batch.ts explains them. */
import type { ProcessRole } from '../batch.ts';

export const BATCH_MAGIC = Uint8Array.of(0x50, 0x4f, 0x44, 0x42);

export const MOST_BATCH_BYTES = 8 * 1024 * 1024;

export const RECORD = {
  end: 0,
  header: 1,
  declaration: 2,
  strings: 3,
  containers: 4,
  processes: 5,
  ticks: 6,
  block: 7,
  ends: 8,
  events: 9,
  totals: 10,
  outcome: 11,
} as const;

export const ROLES: readonly ProcessRole[] = ['target', 'agent'];
