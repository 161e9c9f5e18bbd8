/** Where in `slices` the samples and the levels of one part of a run lie. */
import { type KeyRange, levelRange, sliceRange } from './keys.ts';
import { LEVEL_WIDTHS_MS } from './level-builder.ts';

const EVER = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

export function samplesOf(id: string, part: number): KeyRange {
  return sliceRange(id, part, ...EVER);
}

export function levelsOf(id: string, part: number): KeyRange[] {
  return LEVEL_WIDTHS_MS.map((width) => levelRange(id, width, part, ...EVER));
}
