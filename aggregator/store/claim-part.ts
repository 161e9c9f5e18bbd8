/** Who may change the form of a run's history: the last one who claimed its next part. Others drop what they wrote. */
import type { Key } from 'lmdb';
import type { Databases } from './databases.ts';
import { requireRun } from './runs.ts';
import type { Tables } from './tables.ts';

/** Answers the part's number. Within a write transaction. Throws PODO_RUN_NOT_FOUND. */
export function claimPart(tables: Tables, id: string): number {
  const run = requireRun(tables, id);
  const { nextPart } = run.seal;
  tables.runs.put(id, { ...run, seal: { ...run.seal, nextPart: nextPart + 1 } });
  return nextPart;
}

/** Of a part that does not count. */
export async function dropSlices(
  databases: Databases,
  slices: readonly { readonly key: Key }[],
): Promise<void> {
  await databases.write((tables) => {
    for (const { key } of slices) tables.slices.remove(key);
  });
}
