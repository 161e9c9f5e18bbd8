/** Copies of a whole store: one file, which any machine can open again. */
import { constants, copyFileSync, existsSync, linkSync, mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { systemCode } from '../../lib/errors.ts';
import { makeFolder } from '../../lib/make-folder.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { asStoreError } from './failures.ts';
import { checkDataFile, DATA_FILE } from './file-check.ts';

const DRAFT = '.podometer-backup-';

export function writeBackup(root: RootDatabase, file: string): Promise<void> {
  return keepBackup(file, (draft) => root.backup(dirname(draft), true));
}

/**
 * `write` fills a draft beside `file`, which then appears at once and whole, or not at all. Throws PODO_BACKUP_EXISTS where
 * something is there already, and PODO_STORE_… where the disk refuses it.
 */
export async function keepBackup(file: string, write: (draft: string) => Promise<void>): Promise<void> {
  const folder = dirname(resolve(file));
  try {
    requireNothingAt(file);
    const draft = mkdtempSync(join(folder, DRAFT));
    try {
      await write(join(draft, DATA_FILE));
      putAt(join(draft, DATA_FILE), file);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  } catch (error) {
    throw asStoreError(folder, error);
  }
}

/** A compact copy of this moment as an open file in `folder`, of which nothing is left once it is closed or this process ends. */
export async function openBackup(root: RootDatabase, folder: string): Promise<FileHandle> {
  const draft = mkdtempSync(join(folder, DRAFT));
  try {
    await root.backup(draft, true);
    return await open(join(draft, DATA_FILE));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * Makes the store of a folder from a backup, after a look at all of its pages. Throws PODO_BACKUP_EXISTS where the folder holds a
 * history, PODO_IMPORT_MALFORMED where the file is not a whole backup, and the system's errors as they are.
 */
export function restoreBackup(file: string, folder: string): void {
  makeFolder(folder, 0o700);
  requireNothingAt(join(folder, DATA_FILE));
  const draft = mkdtempSync(join(folder, '.new-'));
  try {
    copyFileSync(file, join(draft, DATA_FILE), constants.COPYFILE_FICLONE);
    checkDataFile(draft, 'whole');
    putAt(join(draft, DATA_FILE), join(folder, DATA_FILE));
    rmSync(join(folder, 'lock.mdb'), { force: true });
  } catch (error) {
    const isDamaged = error instanceof PodometerError && error.code === 'PODO_STORE_CORRUPT';
    throw isDamaged || systemCode(error) === 'ENOENT' ? noBackup(file, error) : error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function requireNothingAt(file: string): void {
  if (existsSync(file)) throw somethingThere(file);
}

/** A link fails where something is there by now; where the file system has none, a copy does. */
function putAt(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw somethingThere(to, error);
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  }
}

function somethingThere(file: string, cause?: unknown): PodometerError {
  return new PodometerError(
    'PODO_BACKUP_EXISTS',
    `${file} is there already`,
    'Give another name, or move it away first.',
    { cause },
  );
}

function noBackup(file: string, cause: unknown): PodometerError {
  return new PodometerError(
    'PODO_IMPORT_MALFORMED',
    `There is no whole backup at ${file}`,
    'Give a file that `podometer backup` wrote.',
    { cause },
  );
}
