/** Takes in whatever a file or folder holds. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { DATA_FILE } from '../../aggregator/store/file-check.ts';
import type { KeptStore } from '../../aggregator/store/model.ts';
import { BATCH_FILE_SUFFIX } from '../../lib/batch-file.ts';
import { usageError } from '../usage-error.ts';
import { type ImportKind, kindOf } from './file-kind.ts';
import { importBatches } from './import-batches.ts';
import { importFigures } from './import-figures.ts';
import { importRun } from './import-run.ts';
import { importStore } from './import-store.ts';
import type { Imported } from './imported.ts';
import { malformed } from './malformed.ts';

export interface ImportWishes {
  /** Runs that are wanted of another history; none: all. */
  readonly runs: readonly string[];
  /** Name of the workload of Prometheus or OpenMetrics text. Default: the file's, without its ending. */
  readonly name: string | undefined;
}

/** What is parsed as a whole takes a few times this in memory. */
const MOST_JSON_BYTES = 2 ** 28;

export function importAny(store: KeptStore, path: string, wishes: ImportWishes): Promise<Imported> {
  const kind = kindOf(path);
  refuseIdleWishes(path, kind, wishes);
  switch (kind) {
    case 'batches':
      return importBatches(store, path);
    case 'store':
      return importStore(store, path, wishes.runs);
    case 'run':
      return importExport(store, path);
    case 'figures':
      return importFigures(store, path, wishes.name ?? basename(path, extname(path)));
  }
}

async function importExport(store: KeptStore, path: string): Promise<Imported> {
  const { id, outcome } = await importRun(store, path, parsed(path));
  const added = outcome === 'added' ? 1 : 0;
  return { path, kind: 'run', added, repeated: 1 - added, refused: [], runs: [id] };
}

function parsed(path: string): unknown {
  if (statSync(path).size > MOST_JSON_BYTES)
    throw malformed(
      `${path} is larger than ${MOST_JSON_BYTES / 2 ** 20} MiB, and JSON is read as a whole`,
      'Import the history that the run lies in, or a backup of it, with --run.',
    );
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed(`${path} is no whole JSON: ${error.message}`);
    throw error;
  }
}

function refuseIdleWishes(path: string, kind: ImportKind, { runs, name }: ImportWishes): void {
  if (runs.length > 0 && kind !== 'store')
    throw usageError(`--run is given, and ${path} is no history of several runs`, 'Leave it out.');
  if (name !== undefined && kind !== 'figures')
    throw usageError(`--name is given, and ${path} holds runs that have names`, 'Leave it out.');
}

/** The file itself; of a folder its history, else those of its files that are named like files of batches. Throws PODO_USAGE. */
export function filesAt(operand: string, cwd: string): string[] {
  const path = resolve(cwd, operand);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined)
    throw usageError(`There is no file or folder ${path}`, 'Give the name that `podometer run` told.');
  if (!stat.isDirectory()) return [path];
  const all = readdirSync(path);
  if (all.includes(DATA_FILE)) return [join(path, DATA_FILE)];
  const names = all.filter((name) => name.endsWith(BATCH_FILE_SUFFIX));
  if (names.length > 0) return names.toSorted().map((name) => join(path, name));
  throw usageError(
    `The folder ${path} holds neither ${DATA_FILE} nor a file named *${BATCH_FILE_SUFFIX}`,
    'Give a data folder, or the folder in which podometer was run.',
  );
}
