/**
 * Reads and writes of one data folder's databases.
 *
 * lmdb has three ways to write, and here are two: `transactionSync`, for what must read before it writes, and `batch` or
 * `ifVersion`, which do not hold up this process while the disk works. The third, `transaction` with a callback, keeps
 * the writers of all processes waiting until this one's event loop comes round to the callback.
 */
import { statfsSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { type Key, open, type RootDatabase } from 'lmdb';
import { openBackup, writeBackup } from './backup.ts';
import { asStoreError, asWriteError, noRoomForCopy, storeFull, storeReadOnly } from './failures.ts';
import { Guard } from './guard.ts';
import type { StoreUsage } from './model.ts';
import { pageUsage } from './page-usage.ts';
import { environmentOptions, openStoredTables, type Tables } from './tables.ts';
import { WriteGate } from './write-order.ts';

/** Room that is left on the disk or among the file's free pages, so that there is always enough to remove runs. */
const RESERVED_BYTES = 2 ** 20;

/** That batches can be written while a copy lies beside the history. */
const LEFT_BY_BACKUP_BYTES = 2 ** 26;

export class Databases {
  readonly folder: string;
  readonly isWritable: boolean;
  readonly tables: Tables;
  readonly #root: RootDatabase;
  readonly #guard: Guard | undefined;
  readonly #gate = new WriteGate();
  #closing: Promise<void> | undefined;

  /**
   * Opens a folder that has a sound data file. `isGuarded`: false where nothing in the folder may be written, so that the
   * harm that the guard is against cannot be done. Throws PODO_STORE_CORRUPT, PODO_STORE_NEWER and LMDB's errors as they are.
   */
  constructor(folder: string, isWritable: boolean, isGuarded = isWritable) {
    this.folder = folder;
    this.isWritable = isWritable;
    this.#guard = isGuarded ? Guard.of(folder) : undefined;
    let root: RootDatabase | undefined;
    const openEnvironment = () => open(folder, { ...environmentOptions, readOnly: !isWritable });
    try {
      root = this.#guard?.alone(openEnvironment) ?? openEnvironment();
      this.#root = root;
      this.tables = openStoredTables(folder, root, isWritable);
    } catch (error) {
      void root?.close();
      void this.#guard?.close();
      throw error;
    }
  }

  /** Reads run one after the other within one event turn see one state: the newest of any process at this call. */
  refresh(): Tables {
    this.#root.resetReadTxn();
    return this.tables;
  }

  /**
   * One synchronous transaction, alone in this process and among all others; rolled back where `change` throws. `change`
   * must not return a promise (what `put` returns is one): the commit would wait for it.
   */
  transaction<T>(change: (tables: Tables) => T): Promise<T> {
    return this.#writing(() =>
      this.#gate.exclusive(() => this.#root.transactionSync(() => change(this.tables))),
    );
  }

  /**
   * Writes in one transaction, in the background, together with others that are due. Where `condition` names a versioned
   * entry that has another version by then, nothing is written and the answer is false.
   */
  write(
    change: (tables: Tables) => void,
    condition?: { readonly table: 'members'; readonly key: Key; readonly version: number },
  ): Promise<boolean> {
    return this.#writing(() =>
      this.#gate.shared(() => {
        const run = () => change(this.tables);
        if (condition === undefined) return this.#root.batch(run);
        return this.tables[condition.table].ifVersion(condition.key, condition.version, run);
      }),
    );
  }

  /** Throws PODO_STORE_READ_ONLY, and PODO_STORE_FULL where `bytes` more would leave too little room. */
  requireRoom(bytes: number): void {
    if (!this.isWritable) throw storeReadOnly(this.folder);
    if (!this.hasRoom(bytes)) throw storeFull(this.folder);
  }

  hasRoom(bytes: number): boolean {
    // A small value may copy a page of every level of a few trees.
    const needed = RESERVED_BYTES + 2 * bytes;
    if (this.#diskFreeBytes() >= needed) return true;
    const { diskFreeBytes, reusableBytes } = this.usage();
    return diskFreeBytes + reusableBytes >= needed;
  }

  /** As KeptStore.backup. */
  backup(file: string): Promise<void> {
    return writeBackup(this.#root, file);
  }

  /** As Store.openBackup. */
  async openBackup(): Promise<FileHandle> {
    const { usedBytes, diskFreeBytes } = this.usage();
    if (diskFreeBytes < usedBytes + LEFT_BY_BACKUP_BYTES) throw noRoomForCopy(this.folder, usedBytes);
    try {
      return await openBackup(this.#root, this.folder);
    } catch (error) {
      throw asStoreError(this.folder, error);
    }
  }

  usage(): StoreUsage {
    return { ...pageUsage(this.#root, this.refresh()), diskFreeBytes: this.#diskFreeBytes() };
  }

  #diskFreeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  /** Waits for the writes that are under way. */
  close(): Promise<void> {
    this.#closing ??= this.#gate.exclusive(async () => {
      await this.#root.close();
      await this.#guard?.close();
    });
    return this.#closing;
  }

  async #writing<T>(write: () => Promise<T>): Promise<T> {
    if (!this.isWritable) throw storeReadOnly(this.folder);
    try {
      return this.#guard === undefined ? await write() : await this.#guard.during(write);
    } catch (error) {
      throw await asWriteError(this.folder, error);
    }
  }
}
