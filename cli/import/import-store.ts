/** Copies the runs of another history, which is only read. */
import { copyFileSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { resolveRun } from '../../aggregator/query/resolve-run.ts';
import { runRef } from '../../aggregator/query/run-view.ts';
import { DATA_FILE } from '../../aggregator/store/file-check.ts';
import type { KeptStore, RunRecord } from '../../aggregator/store/model.ts';
import { openStore } from '../../aggregator/store/open.ts';
import { type ErrorCode, PodometerError } from '../../protocol/errors.ts';
import { usageError } from '../usage-error.ts';
import type { Imported } from './imported.ts';

/** Faults of a run, which do not keep the next one from being taken in. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'PODO_IMPORT_MALFORMED',
  'PODO_RUN_NOT_FOUND',
  'PODO_BUSY',
]);

/**
 * `path`: a data folder, its data.mdb, or a backup. `references`: of the runs that are wanted; none: all. Rejects with
 * PODO_RUN_NOT_FOUND where one of them is not there, and PODO_STORE_… of either history.
 */
export async function importStore(
  into: KeptStore,
  path: string,
  references: readonly string[],
): Promise<Imported> {
  const { folder, dispose } = folderOf(path);
  try {
    if (realpathSync(folder) === realpathSync(into.folder))
      throw usageError(`${path} is the history itself`, 'Name another one with --data.');
    const source = await openStore(folder, { readOnly: true });
    try {
      return await copyAll(into, source, path, references);
    } finally {
      await source.close();
    }
  } finally {
    dispose();
  }
}

async function copyAll(
  into: KeptStore,
  source: KeptStore,
  path: string,
  references: readonly string[],
): Promise<Imported> {
  const runs: string[] = [];
  const refused: string[] = [];
  let added = 0;
  for (const { id, ref } of wanted(source, references)) {
    try {
      if ((await into.copy(id, source.origin())) === 'added') added += 1;
      runs.push(id);
    } catch (error) {
      if (!(error instanceof PodometerError && REFUSALS.has(error.code))) throw error;
      refused.push(`${ref}: ${error.message}`);
    }
  }
  return { path, kind: 'store', added, repeated: runs.length - added, refused, runs };
}

/** Oldest first, so that their numbers here follow each other as they did there. */
function wanted(source: KeptStore, references: readonly string[]): { id: string; ref: string }[] {
  const all: Iterable<RunRecord> =
    references.length === 0 ? source.runs() : references.map((reference) => resolveRun(source, reference));
  return [...all]
    .map((run) => ({ id: run.id, ref: runRef(run), startedAtMs: run.startedAtMs, number: run.number }))
    .sort((a, b) => a.startedAtMs - b.startedAtMs || a.number - b.number);
}

/** A backup has any name, and LMDB's locks must not be made beside it: it is linked to where a history would be. */
function folderOf(path: string): { readonly folder: string; readonly dispose: () => void } {
  const file = resolve(path);
  if (basename(file) === DATA_FILE) return { folder: dirname(file), dispose: () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'podometer-import-'));
  const dispose = () => rmSync(folder, { recursive: true, force: true });
  try {
    linkOrCopy(file, join(folder, DATA_FILE));
  } catch (error) {
    dispose();
    throw error;
  }
  return { folder, dispose };
}

/** Windows has links for the privileged alone. */
function linkOrCopy(from: string, to: string): void {
  try {
    symlinkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
