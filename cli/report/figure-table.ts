/** The figures that an application told, where no results stand for them: of each what it came to over the run. */
import type { SeriesLine } from '../../protocol/query.ts';
import { count } from '../terminal/format.ts';
import { renderTable, type TableColumn, type TableStyle } from '../terminal/table.ts';

/** Imported text may hold thousands. */
const MOST_SHOWN = 40;

export interface Figure {
  readonly name: string;
  readonly least: number;
  /** Each value counts until the next. */
  readonly mean: number;
  readonly greatest: number;
}

/** `lines`: of one bucket, the whole run. */
export function figuresIn(lines: readonly SeriesLine[]): Figure[] {
  return lines.map(({ key, min, mean, max }) => ({
    name: key,
    least: min?.[0] ?? 0,
    mean: mean[0] ?? 0,
    greatest: max?.[0] ?? 0,
  }));
}

/** Empty where there are none. */
export function figureTable(figures: readonly Figure[], style: TableStyle): string {
  if (figures.length === 0) return '';
  const { indent = '', paint } = style;
  const left = figures.length - MOST_SHOWN;
  const more = left > 0 ? `${indent}${paint('quiet', `and ${left} more`)}\n` : '';
  return `${paint('heading', 'Figures')}\n${renderTable(figures.slice(0, MOST_SHOWN), columns, style)}${more}`;
}

const columns: readonly TableColumn<Figure>[] = [
  { title: 'FIGURE', cell: ({ name }) => name, leastWidth: 20 },
  { title: 'LEAST', cell: ({ least }) => count(least), align: 'right' },
  { title: 'MEAN', cell: ({ mean }) => count(mean), align: 'right' },
  { title: 'GREATEST', cell: ({ greatest }) => count(greatest), align: 'right' },
];
