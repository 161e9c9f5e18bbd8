/** Opens the store of a data folder. */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../lib/clock.ts';
import { systemCode } from '../../lib/errors.ts';
import { makeFolder } from '../../lib/make-folder.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { Databases } from './databases.ts';
import { asStoreError, storeMissing, storeReadOnly } from './failures.ts';
import { checkDataFile, DATA_FILE } from './file-check.ts';
import { LmdbStore } from './lmdb-store.ts';
import type { KeptStore } from './model.ts';
import type { IsAlive } from './run-state.ts';
import { createDataFile } from './tables.ts';

export interface OpenOptions {
  /** Nothing is made or changed; the folder must hold a store. Default: a store is made where there is none. */
  readonly readOnly?: boolean;
  readonly clock?: Pick<Clock, 'wallMs'>;
  /** Whether a run's writer lives (run-state.ts): a run that goes on is not sealed. Default: nobody knows. */
  readonly isAlive?: IsAlive;
  /** How much of each member's log is sealed at once, in bytes. */
  readonly sealBytes?: number;
}

/** Memory for sealing is about a hundred times this, and the process is busy for about a tenth of a second at a time. */
const DEFAULT_SEAL_BYTES = 2 ** 18;

/**
 * Opens the store in `folder`. Several processes may do so at once, each of them once: lmdb does not bear two writers in
 * one process when the disk is full. A folder that may not be written is opened for
 * reading, and `append` and the other writes then reject with PODO_STORE_READ_ONLY. Throws PODO_STORE_MISSING,
 * PODO_STORE_READ_ONLY (no store, and none can be made), PODO_STORE_FULL, PODO_STORE_CORRUPT, PODO_STORE_NEWER,
 * PODO_BAD_CONFIG.
 */
export async function openStore(folder: string, options: OpenOptions = {}): Promise<KeptStore> {
  const { readOnly = false, clock = systemClock, isAlive = () => undefined } = options;
  try {
    await requireDataFile(folder, readOnly, clock.wallMs());
    const writable = mayWrite(folder);
    const databases = new Databases(folder, writable && !readOnly, writable);
    return new LmdbStore(databases, { clock, isAlive, sealBytes: options.sealBytes ?? DEFAULT_SEAL_BYTES });
  } catch (error) {
    throw asStoreError(folder, error);
  }
}

async function requireDataFile(folder: string, readOnly: boolean, nowMs: number): Promise<void> {
  if (checkDataFile(folder) === 'sound') return;
  if (readOnly) throw storeMissing(folder);
  makeDataFolder(folder);
  await createDataFile(folder, nowMs);
}

function makeDataFolder(folder: string): void {
  try {
    makeFolder(folder, 0o700);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST' || code === 'ENOTDIR') throw notFolder(folder, error);
    // Under /proc and its like.
    if (code === 'ENOENT') throw storeReadOnly(folder, error);
    throw error;
  }
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    accessSync(join(folder, DATA_FILE), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function notFolder(folder: string, cause: unknown): PodometerError {
  return new PodometerError(
    'PODO_BAD_CONFIG',
    `The data folder ${folder} is a file`,
    'Name a folder with --data or PODOMETER_DATA.',
    { cause },
  );
}
