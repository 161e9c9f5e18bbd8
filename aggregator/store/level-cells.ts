/** Reads the slices of a level back as series (level-builder.ts says what lies in them). */
import type { SliceRows } from '../../protocol/codec/slice-decode.ts';
import { type Column, columnById } from '../../protocol/metrics.ts';
import { COLUMNS_A_CELL, gaugeScale, levelColumns, THOUSANDTHS } from './level-builder.ts';
import type { ColumnSeries } from './model.ts';

/** One series of a block of cells. */
export type Cells = Pick<ColumnSeries, 'column' | 'values' | 'spread'>;

/** The stored columns that are read for those that are asked for: the main one of each, or all three. */
export function storedColumns(columns: readonly number[], meansOnly: boolean): number[] {
  return columns.flatMap((id) => levelColumns(id).slice(0, meansOnly ? 1 : undefined));
}

/** Puts the stored columns of a block together again; a series of which one is damaged is left out. */
export function readCells(columns: readonly number[], { values }: SliceRows, meansOnly: boolean): Cells[] {
  const cells: Cells[] = [];
  const width = meansOnly ? 1 : COLUMNS_A_CELL;
  for (const [place, id] of columns.entries()) {
    const column = columnById(id);
    const main = values[place * width];
    if (column === undefined || main === undefined) continue;
    if (meansOnly) {
      cells.push({ column: id, values: inUnit(column, main) });
      continue;
    }
    const [low, high] = [values[place * width + 1], values[place * width + 2]];
    if (low && high) cells.push({ column: id, ...levelsOf(column, main, low, high) });
  }
  return cells;
}

/** Writes over the list that it is given. */
function inUnit({ kind, unit }: Column, values: Float64Array): Float64Array {
  const scale = kind === 'gauge' ? gaugeScale(unit) : 1;
  if (scale !== 1) for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) / scale;
  return values;
}

/** As inUnit. */
function levelsOf(
  { kind, unit }: Column,
  values: Float64Array,
  low: Float64Array,
  high: Float64Array,
): Pick<Cells, 'values' | 'spread'> {
  const scale = gaugeScale(unit);
  for (let i = 0; i < values.length; i++) {
    const [value, below, above] = [values[i] as number, low[i] as number, high[i] as number];
    if (kind === 'gauge') {
      values[i] = value / scale;
      low[i] = (value - below) / scale;
      high[i] = (value + above) / scale;
    } else {
      low[i] = above < 0 ? Number.NaN : below / THOUSANDTHS;
      high[i] = above < 0 ? Number.NaN : (below + above) / THOUSANDTHS;
    }
  }
  return { values, spread: { low, high } };
}
