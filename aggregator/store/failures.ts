/** What can go wrong with a data folder, each as one coded error that names the folder and the mend. */
import { asPodometerError } from '../../lib/errors.ts';
import { PodometerError } from '../../protocol/errors.ts';

export function storeMissing(folder: string): PodometerError {
  return new PodometerError(
    'PODO_STORE_MISSING',
    `There is no history in ${folder}`,
    'Measure something first with `podometer run -- CMD`, or name the right folder with --data.',
  );
}

export function storeReadOnly(folder: string, cause?: unknown): PodometerError {
  return new PodometerError(
    'PODO_STORE_READ_ONLY',
    `The data folder ${folder} cannot be written`,
    'Give yourself permission to write it, or name another folder with --data.',
    { cause },
  );
}

export function storeFull(folder: string, cause?: unknown): PodometerError {
  return new PodometerError(
    'PODO_STORE_FULL',
    `The disk of the data folder ${folder} is full`,
    'Free space on it or remove old runs, then try again; nothing that was acknowledged is lost.',
    { cause },
  );
}

export function noRoomForCopy(folder: string, bytes: number): PodometerError {
  return new PodometerError(
    'PODO_STORE_FULL',
    `The disk of the data folder ${folder} has no room for a copy of ${Math.ceil(bytes / 2 ** 20)} MiB`,
    'Give its volume more space, or take old runs away first.',
  );
}

/** `detail` completes "The store in FOLDER …". */
export function storeCorrupt(folder: string, detail: string, cause?: unknown): PodometerError {
  return new PodometerError(
    'PODO_STORE_CORRUPT',
    `The store in ${folder} ${detail}`,
    'Put back a backup of data.mdb, or move the folder away to begin anew (docs/storage-format.md).',
    { cause },
  );
}

export function storeNewer(folder: string, found: number, known: number): PodometerError {
  return new PodometerError(
    'PODO_STORE_NEWER',
    `The store in ${folder} has format version ${found}; this podometer reads up to ${known}`,
    'Upgrade podometer, or name another folder with --data.',
  );
}

/** LMDB's and the system's codes, by what they mean to a user. EIO is what LMDB makes of a write cut short. */
const fullCodes = new Set<unknown>([5, 28, 122, -30792, 'EIO', 'ENOSPC', 'EDQUOT']);
const readOnlyCodes = new Set<unknown>([1, 13, 30, 'EPERM', 'EACCES', 'EROFS']);
const corruptCodes = new Set<unknown>([-30797, -30796, -30795, -30794, -30793]);

/** Any error of LMDB or of the file system as one of the above. */
export function asStoreError(folder: string, error: unknown): PodometerError {
  if (error instanceof PodometerError) return error;
  const code = (error as { code?: unknown } | null)?.code;
  if (fullCodes.has(code)) return storeFull(folder, error);
  if (readOnlyCodes.has(code)) return storeReadOnly(folder, error);
  if (corruptCodes.has(code)) return storeCorrupt(folder, `is damaged (${(error as Error).message})`, error);
  return asPodometerError(error);
}

/**
 * The reason of a rejected write. lmdb hides it behind `commitError`, a second promise that must be awaited too: one
 * that nobody handles ends Node.
 */
export async function asWriteError(folder: string, error: unknown): Promise<PodometerError> {
  const hidden = (error as { commitError?: Promise<unknown> } | null)?.commitError;
  const reason =
    hidden === undefined
      ? error
      : await hidden.then(
          () => error,
          (cause: unknown) => cause,
        );
  return asStoreError(folder, reason);
}
