/** Which rows of a long list are in sight, so that only they are elements. Everything here is pure. */

/** Drawn above and below what can be seen, so that scrolling shows no empty rows. */
const SPARE_ROWS = 12;

export interface RowWindow {
  readonly first: number;
  /** After the last one. */
  readonly end: number;
}

export interface Sight {
  /** How far the first row lies below the top of what can be seen, px; negative once it is scrolled away. */
  readonly topPx: number;
  readonly heightPx: number;
  readonly rowPx: number;
}

export function rowsInSight({ topPx, heightPx, rowPx }: Sight, count: number): RowWindow {
  const first = Math.floor(-topPx / rowPx) - SPARE_ROWS;
  const end = Math.ceil((heightPx - topPx) / rowPx) + SPARE_ROWS;
  return { first: bounded(first, count), end: bounded(end, count) };
}

/** By how much must be scrolled so that a row can be seen between what covers the top and the bottom, px. */
export function scrollToRow(
  place: number,
  { topPx, heightPx, rowPx }: Sight,
  covered: { readonly topPx: number; readonly bottomPx: number },
): number {
  const top = topPx + place * rowPx;
  const above = top - covered.topPx;
  const below = top + rowPx - (heightPx - covered.bottomPx);
  return above < 0 ? above : Math.max(0, below);
}

function bounded(place: number, count: number): number {
  return Math.min(count, Math.max(0, place));
}
