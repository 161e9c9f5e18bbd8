/** The databases of keys.ts, made and opened. */
import { linkSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, type Key, open, type RootDatabase, type RootDatabaseOptions } from 'lmdb';
import { systemCode } from '../../lib/errors.ts';
import type { Pod } from '../../protocol/pods.ts';
import { storeCorrupt, storeNewer } from './failures.ts';
import { DATA_FILE } from './file-check.ts';
import {
  type Draft,
  FORMAT_KEY,
  FORMAT_VERSION,
  type Format,
  type MemberPlace,
  type StoredRun,
} from './keys.ts';
import type { MemberRecord, RunDirectory } from './model.ts';

export interface Tables {
  readonly runs: Database<StoredRun, string>;
  readonly members: Database<MemberRecord, Key>;
  readonly agents: Database<MemberPlace, string>;
  /** Undefined in a store that was made before there were any, as long as it is only read. */
  readonly pods: Database<Pod, Key> | undefined;
  readonly numbers: Database<string | number, Key>;
  readonly order: Database<true, Key>;
  readonly log: Database<Uint8Array, Key>;
  readonly slices: Database<Uint8Array, Key>;
  readonly directories: Database<RunDirectory, string>;
  readonly sweeps: Database<true | Draft, string>;
}

/**
 * Without lmdb's overlapping sync, LMDB's own order holds: pages, fdatasync, meta page. So what any process can see is on
 * disk, and a write that has resolved is safe. Without its batching by event turn, a failed write rejects the caller's
 * promise and no hidden one.
 */
export const environmentOptions = {
  maxDbs: 16,
  /** The folder is a folder, whatever its name looks like. */
  noSubdir: false,
  overlappingSync: false,
  eventTurnBatching: false,
  /** Plain MessagePack maps, which any other reader understands too. */
  useRecords: false,
} as const satisfies RootDatabaseOptions & { useRecords: boolean };

/** An empty store with its locks and its guard takes under half of it. */
const NEW_STORE_BYTES = 2 ** 18;

/**
 * Makes an empty store beside its place and links it there: a store is there whole or not at all, and of several
 * processes that begin at once, one makes it.
 */
export async function createDataFile(folder: string, nowMs: number): Promise<void> {
  const draft = mkdtempSync(join(folder, '.new-'));
  try {
    proveRoom(join(draft, 'room'));
    const root = open(draft, environmentOptions);
    openTables(root, true);
    const format = openTable<Format, string>(root, 'meta', { create: true });
    format.putSync(FORMAT_KEY, { version: FORMAT_VERSION, createdAtMs: nowMs });
    await root.close();
    putInPlace(join(draft, DATA_FILE), join(folder, DATA_FILE));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** LMDB writes to mapped files, and where the disk has no page for one, the kernel ends the process. Throws ENOSPC. */
function proveRoom(file: string): void {
  writeFileSync(file, Buffer.alloc(NEW_STORE_BYTES, 1), { flush: true });
  rmSync(file);
}

/**
 * `isWritable`: what came later than the store is made, and its format is called the present one. Throws PODO_STORE_NEWER, and
 * PODO_STORE_CORRUPT where the environment is not one of ours.
 */
export function openStoredTables(folder: string, root: RootDatabase, isWritable: boolean): Tables {
  const format = openFormat(root);
  const found = format?.get(FORMAT_KEY);
  if (found === undefined) throw storeCorrupt(folder, 'is not one that podometer wrote');
  if (found.version > FORMAT_VERSION) throw storeNewer(folder, found.version, FORMAT_VERSION);
  if (isWritable && found.version < FORMAT_VERSION)
    format?.putSync(FORMAT_KEY, { ...found, version: FORMAT_VERSION });
  return openTables(root, false, isWritable);
}

function openFormat(root: RootDatabase): Database<Format, string> | undefined {
  return openTable(root, 'meta', { create: false });
}

function openTables(root: RootDatabase, create: boolean, createLater = create): Tables {
  return {
    runs: openTable(root, 'runs', { create }),
    members: openTable(root, 'members', { create, useVersions: true }),
    agents: openTable(root, 'agents', { create }),
    pods: openTable(root, 'pods', { create: createLater }),
    numbers: openTable(root, 'numbers', { create }),
    order: openTable(root, 'order', { create }),
    log: openTable(root, 'log', { create, encoding: 'binary' }),
    slices: openTable(root, 'slices', { create, encoding: 'binary' }),
    directories: openTable(root, 'directories', { create, compression: true }),
    sweeps: openTable(root, 'sweeps', { create }),
  };
}

/** lmdb takes `create`, which its types leave out. */
interface TableOptions {
  readonly create: boolean;
  readonly encoding?: 'binary';
  readonly useVersions?: true;
  /** LZ4, of values of 1,000 bytes and more; those that were written without are read as well. */
  readonly compression?: true;
}

function openTable<V, K extends Key>(
  root: RootDatabase,
  name: string,
  options: TableOptions,
): Database<V, K> {
  return root.openDB<V, K>({ ...options, name });
}

/** Some file systems have no links; there, the last of several processes that begin at once wins. */
function putInPlace(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') renameSync(from, to);
  }
}
