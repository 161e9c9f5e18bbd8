/** How many bytes a run takes in the store. */
import type { Database, Key } from 'lmdb';
import type { KeyRange, StoredRun } from './keys.ts';
import type { Footprint } from './model.ts';
import { levelsOf, samplesOf } from './part-ranges.ts';
import { readMembers } from './runs.ts';
import type { Tables } from './tables.ts';
import { waitingBytes } from './waiting-bytes.ts';

export function footprintOf(tables: Tables, run: StoredRun): Footprint {
  return {
    log: sum([...waitingBytes(tables, run, readMembers(tables, run.id))]),
    ...(run.seal.bytes ?? slicesOf(tables, run)),
    directory: tables.directories.getBinary(run.id)?.length ?? 0,
  };
}

/** Of a run that was sealed when its bytes were not counted yet. */
function slicesOf(tables: Tables, { id, seal }: StoredRun): Pick<Footprint, 'samples' | 'levels'> {
  const samples = seal.parts.map((part) => samplesOf(id, part));
  const levels = seal.parts.flatMap((part) => levelsOf(id, part));
  return { samples: bytesIn(tables.slices, samples), levels: bytesIn(tables.slices, levels) };
}

export function bytesIn(table: Database<Uint8Array, Key>, ranges: readonly KeyRange[]): number {
  let bytes = 0;
  for (const range of ranges) for (const { value } of table.getRange(range)) bytes += value.length;
  return bytes;
}

function sum(list: readonly number[]): number {
  return list.reduce((total, one) => total + one, 0);
}
