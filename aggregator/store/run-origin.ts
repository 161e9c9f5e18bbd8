/** Runs of a store as they lie on disk, read to be copied into another one (copy-runs.ts). Also while somebody writes. */
import type { Key } from 'lmdb';
import type { Pod } from '../../protocol/pods.ts';
import type { Databases } from './databases.ts';
import { asStoreError } from './failures.ts';
import { type KeyRange, logRange, type StoredRun } from './keys.ts';
import type { MemberRecord, RunDirectory } from './model.ts';
import { levelsOf, samplesOf } from './part-ranges.ts';
import { readPods } from './pods.ts';
import { readMembers } from './runs.ts';
import type { Tables } from './tables.ts';

/** All that is said of a run, as of one moment; it says which slices and batches belong to it. */
export interface RunImage {
  readonly run: StoredRun;
  readonly members: readonly MemberRecord[];
  readonly pods: readonly Pod[];
  readonly directory: RunDirectory | undefined;
}

/** Where a slice or a batch lies, in either store. What lies there never changes: it comes and goes. */
export interface BulkKey {
  readonly table: 'log' | 'slices';
  readonly key: Key;
}

export class RunOrigin {
  readonly #databases: Databases;

  constructor(databases: Databases) {
    this.#databases = databases;
  }

  image(id: string): RunImage | undefined {
    return this.#read((tables) => {
      const run = tables.runs.get(id);
      return (
        run && {
          run,
          members: readMembers(tables, id),
          pods: readPods(tables, id),
          directory: tables.directories.get(id),
        }
      );
    });
  }

  /** The slices and batches that an image refers to and that are there yet. */
  bulkKeys(image: RunImage): BulkKey[] {
    return this.#read((tables) =>
      rangesOf(image).flatMap(({ table, range }) =>
        [...tables[table].getKeys(range)].map((key) => ({ table, key })),
      ),
    );
  }

  bytes({ table, key }: BulkKey): Uint8Array | undefined {
    return this.#read((tables) => tables[table].get(key));
  }

  #read<T>(read: (tables: Tables) => T): T {
    try {
      return read(this.#databases.refresh());
    } catch (error) {
      throw asStoreError(this.#databases.folder, error);
    }
  }
}

/**
 * Whether all that `before` refers to is referred to by `after` too: nothing of it was deleted between, which is done after
 * a run's record has changed.
 */
export function isKeptBy(before: RunImage, after: RunImage): boolean {
  return referencesOf(before) === referencesOf(after);
}

function referencesOf({ run: { startedAtMs, seal } }: RunImage): string {
  const { parts, through, samplesFrom, levelsFrom } = seal;
  return JSON.stringify([startedAtMs, parts, through, samplesFrom, levelsFrom]);
}

function rangesOf({ run: { id, seal }, members }: RunImage): { table: BulkKey['table']; range: KeyRange }[] {
  const slices = seal.parts.flatMap((part) => [samplesOf(id, part), ...levelsOf(id, part)]);
  const log = members.map(({ lastSequence }, place) =>
    logRange(id, place, (seal.through[place] ?? -1) + 1, lastSequence),
  );
  return [
    ...slices.map((range) => ({ table: 'slices' as const, range })),
    ...log.map((range) => ({ table: 'log' as const, range })),
  ];
}
