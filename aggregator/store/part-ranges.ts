/** Where the slices of one part lie. */
import { type KeyRange, levelRange, sliceRange } from './keys.ts';
import { LEVEL_WIDTHS_MS } from './level-builder.ts';
import type { Tables } from './tables.ts';

const EVER = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/** In place of a level's width: the samples themselves. */
export const SAMPLES = 0;

/** Of a level, or the samples. */
export function rangeOf(id: string, part: number, widthMs: number): KeyRange {
  return widthMs === SAMPLES ? samplesOf(id, part) : levelOf(id, part, widthMs);
}

export function samplesOf(id: string, part: number): KeyRange {
  return sliceRange(id, part, ...EVER);
}

function levelOf(id: string, part: number, widthMs: number): KeyRange {
  return levelRange(id, widthMs, part, ...EVER);
}

export function levelsOf(id: string, part: number): KeyRange[] {
  return LEVEL_WIDTHS_MS.map((widthMs) => levelOf(id, part, widthMs));
}

export function hasSlices({ slices }: Tables, range: KeyRange): boolean {
  return [...slices.getKeys({ ...range, limit: 1 })].length > 0;
}

/** Where it has none, its samples stay when a run is thinned to levels. */
export function hasLevel(tables: Tables, id: string, part: number): boolean {
  return levelsOf(id, part).some((range) => hasSlices(tables, range));
}
