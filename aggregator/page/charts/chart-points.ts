/** How many points a chart is drawn with. Everything here is pure. */
import type { Zoom } from '../router.ts';

const FEWEST_POINTS = 120;
const MOST_POINTS = 600;

/**
 * Cells in which the store keeps a large run beside its samples, widest first: docs/storage-format.md. It has none of ten
 * minutes, as its passes are shorter than that.
 */
const CELLS_MS = [60_000, 10_000];
/** A store takes cells that are no wider than half a bucket. */
const CELLS_A_POINT = 2;
const FEWEST_DRAFT_POINTS = 60;

/** About one for each pixel. */
export function wholePoints(widthPx: number): number {
  return Math.min(MOST_POINTS, Math.max(FEWEST_POINTS, Math.round(widthPx)));
}

/**
 * Fewer, for a first look at a large run: with so many the server reads wider cells, a tenth of the numbers. Undefined where
 * it would not.
 */
export function draftPoints({ fromMs, toMs }: Zoom, whole: number): number | undefined {
  const points = CELLS_MS.map((cellMs) => Math.floor((toMs - fromMs) / cellMs / CELLS_A_POINT));
  const draft = points.find((count) => count >= FEWEST_DRAFT_POINTS);
  return draft !== undefined && draft < whole / 2 ? draft : undefined;
}
