/** Rows under titles, made to fit a width: columns are shortened first, then left out by their rank; nothing wraps. */
import type { Meaning, Paint } from './colour.ts';
import { cutTo, printable, widthOf } from './width.ts';

export interface Cell {
  readonly text: string;
  readonly meaning?: Meaning | undefined;
}

export interface TableColumn<R> {
  readonly title: string;
  /** Any text: what could move the cursor is written out here. */
  cell(row: R): Cell | string;
  readonly align?: 'left' | 'right';
  /** Down to how many places it may be shortened; undefined: only where nothing else helps. */
  readonly leastWidth?: number;
  /** Never cut: where there is no room for it, it gets a line of its own above its row. */
  readonly isWhole?: boolean;
  /** The column with the largest rank is left out first; one without is never left out. */
  readonly dropRank?: number;
}

export interface TableStyle {
  /** Infinity: as wide as it wants to be. */
  readonly width: number;
  readonly paint: Paint;
  /** False: rows alone. */
  readonly titles?: boolean;
  /** Before each line; counts towards the width. */
  readonly indent?: string;
}

interface Laid {
  readonly cells: readonly Cell[];
  readonly align: 'left' | 'right';
  readonly leastWidth: number | undefined;
  readonly dropRank: number | undefined;
  readonly isWhole: boolean;
  readonly width: number;
  /** Of its widest cell. */
  readonly fullWidth: number;
}

const GAP = '  ';

/** Lines with a line break after each. */
export function renderTable<R>(
  rows: readonly R[],
  columns: readonly TableColumn<R>[],
  { width, paint, titles = true, indent = '' }: TableStyle,
): string {
  const laid = columns.map((column) => layOut(rows, column, titles));
  const fitted = fit(laid, width - indent.length);
  const isCut = (column: Laid): boolean => column.isWhole && column.width < column.fullWidth;
  const height = fitted[0]?.cells.length ?? 0;
  if (!fitted.some(isCut)) {
    return Array.from({ length: height }, (_, row) => `${indent}${line(fitted, row, paint)}\n`).join('');
  }
  const apart = laid.filter(({ isWhole }) => isWhole);
  const others = fit(
    laid.filter(({ isWhole }) => !isWhole),
    width - indent.length - GAP.length,
  );
  return Array.from({ length: height }, (_, row) => {
    const above = titles && row === 0 ? '' : `${indent}${line(apart, row, paint)}\n`;
    return `${above}${indent}${GAP}${line(others, row, paint)}\n`;
  }).join('');
}

function layOut<R>(rows: readonly R[], column: TableColumn<R>, titles: boolean): Laid {
  const { title, align = 'left', leastWidth, dropRank, isWhole = false } = column;
  const head: Cell[] = titles ? [{ text: title, meaning: 'quiet' }] : [];
  const cells = [...head, ...rows.map((row) => asCell(column.cell(row)))].map(
    ({ text, meaning }): Cell => ({ text: printable(text), meaning }),
  );
  const width = cells.reduce((widest, { text }) => Math.max(widest, widthOf(text)), 0);
  return { cells, align, leastWidth, dropRank, isWhole, width, fullWidth: width };
}

function asCell(cell: Cell | string): Cell {
  return typeof cell === 'string' ? { text: cell } : cell;
}

function fit(columns: readonly Laid[], width: number): readonly Laid[] {
  let kept = columns;
  for (;;) {
    const shortened = shorten(kept, width, (column) => column.leastWidth ?? column.width);
    if (totalWidth(shortened) <= width) return shortened;
    const ranks = kept.map((column) => column.dropRank ?? 0);
    const largest = Math.max(...ranks);
    if (largest === 0) return shorten(shortened, width, () => 1);
    const dropped = ranks.indexOf(largest);
    kept = kept.filter((_, place) => place !== dropped);
  }
}

/** Takes places from the widest column that has some to give, until the table fits or none has. */
function shorten(
  columns: readonly Laid[],
  width: number,
  leastOf: (column: Laid) => number,
): readonly Laid[] {
  const widths = columns.map((column) => column.width);
  const spare = (place: number): number => {
    const column = columns[place];
    return column === undefined ? 0 : (widths[place] ?? 0) - Math.min(leastOf(column), column.width);
  };
  for (let excess = totalWidth(columns) - width; excess > 0; excess -= 1) {
    const widest = widths.reduce(
      (best, own, place) => (spare(place) > 0 && own > (widths[best] ?? 0) ? place : best),
      -1,
    );
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return columns.map((column, place) => ({ ...column, width: widths[place] ?? column.width }));
}

function totalWidth(columns: readonly Laid[]): number {
  return columns.reduce((sum, column) => sum + column.width, GAP.length * (columns.length - 1));
}

function line(columns: readonly Laid[], row: number, paint: Paint): string {
  return columns
    .map((column, place) => {
      const { text, meaning } = column.cells[row] ?? { text: '' };
      const shown = cutTo(text, column.width);
      const padding = ' '.repeat(Math.max(0, column.width - widthOf(shown)));
      const painted = meaning === undefined ? shown : paint(meaning, shown);
      if (column.align === 'right') return padding + painted;
      return place === columns.length - 1 ? painted : painted + padding;
    })
    .join(GAP)
    .trimEnd();
}
