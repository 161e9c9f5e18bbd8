/** What a merged part is made from: the slices of its parts, in the order of their starts. */
import type { Key } from 'lmdb';
import { deflater } from '../../lib/deflater.ts';
import { decodeWholeSlice } from '../../protocol/codec/slice-decode.ts';
import { malformed } from '../../protocol/codec/varint.ts';
import { LEVEL_WIDTHS_MS, LevelBuilder } from './level-builder.ts';
import { hasSlices, rangeOf, SAMPLES } from './part-ranges.ts';
import type { TimedBlock } from './slice-grid.ts';
import type { Tables } from './tables.ts';

export interface Source {
  /** No row lies before it; ms since the start of the run. */
  readonly startMs: number;
  /** Throws PODO_BATCH_MALFORMED. */
  readonly read: () => Iterable<TimedBlock>;
}

export interface Wanted {
  readonly id: string;
  readonly parts: readonly number[];
  /** Of a level, or `SAMPLES`. */
  readonly widthMs: number;
}

/** The widths of the levels that a merged part has: those of half of its parts and more. */
export function levelsOfMost(tables: Tables, id: string, parts: readonly number[]): number[] {
  return LEVEL_WIDTHS_MS.filter((widthMs) => {
    const having = parts.filter((part) => hasSlices(tables, rangeOf(id, part, widthMs)));
    return 2 * having.length >= parts.length;
  });
}

/** A part that was too short for a level has it made of its samples. `tables`: those of the moment, each time. */
export function sourcesOf(tables: () => Tables, { id, parts, widthMs }: Wanted): Source[] {
  const sources = parts.flatMap((part) => {
    const slices = slicesOf(tables, id, part, widthMs);
    return slices.length > 0 || widthMs === SAMPLES ? slices : levelOfSamples(tables, id, part, widthMs);
  });
  return sources.sort((a, b) => a.startMs - b.startMs);
}

function slicesOf(tables: () => Tables, id: string, part: number, widthMs: number): Source[] {
  return [...tables().slices.getKeys(rangeOf(id, part, widthMs))].map((key) => ({
    startMs: Number((key as Key[]).at(-1)),
    read: () => readSlice(tables(), key),
  }));
}

function readSlice({ slices }: Tables, key: Key): TimedBlock[] {
  const bytes = slices.get(key);
  if (bytes === undefined) throw malformed('a slice is missing');
  return decodeWholeSlice(bytes, deflater);
}

/** One source of the whole part, where there is anything in it. */
function levelOfSamples(tables: () => Tables, id: string, part: number, widthMs: number): Source[] {
  const samples = slicesOf(tables, id, part, SAMPLES);
  const read = (): TimedBlock[] => {
    const builder = new LevelBuilder(widthMs);
    for (const slice of samples) for (const block of slice.read()) builder.addBlock(block);
    return [...builder.finish().values()].flat();
  };
  return samples.slice(0, 1).map(({ startMs }) => ({ startMs, read }));
}
