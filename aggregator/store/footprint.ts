/** How many bytes a run takes in the store. */
import type { Database, Key } from 'lmdb';
import { type KeyRange, levelRange, runRange, type StoredRun, sliceRange } from './keys.ts';
import { LEVEL_WIDTHS_MS } from './level-builder.ts';
import type { Footprint } from './model.ts';
import type { Tables } from './tables.ts';

export function footprintOf(tables: Tables, run: StoredRun): Footprint {
  return {
    log: bytesIn(tables.log, [runRange(run.id)]),
    ...(run.seal.bytes ?? slicesOf(tables, run)),
    directory: tables.directories.getBinary(run.id)?.length ?? 0,
  };
}

/** Of a run that was sealed when its bytes were not counted yet. */
function slicesOf(tables: Tables, { id, seal }: StoredRun): Pick<Footprint, 'samples' | 'levels'> {
  const [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const samples = seal.parts.map((part) => sliceRange(id, part, from, to));
  const levels = seal.parts.flatMap((part) =>
    LEVEL_WIDTHS_MS.map((width) => levelRange(id, width, part, from, to)),
  );
  return { samples: bytesIn(tables.slices, samples), levels: bytesIn(tables.slices, levels) };
}

function bytesIn(table: Database<Uint8Array, Key>, ranges: readonly KeyRange[]): number {
  let bytes = 0;
  for (const range of ranges) for (const { value } of table.getRange(range)) bytes += value.length;
  return bytes;
}
