/** Reads the slices of a level back as series (level-builder.ts says what lies in them). */
import type { SliceColumn } from '../../protocol/codec/slice.ts';
import { type Column, columnById } from '../../protocol/metrics.ts';
import { gaugeScale, levelColumns, THOUSANDTHS } from './level-builder.ts';
import type { ColumnSeries } from './model.ts';

/** The stored columns of one block, which share their list of times. */
type StoredBlock = Map<number, SliceColumn>;

/**
 * Puts the three stored columns of each series together, or takes the main one where the others were not asked for; a series of
 * which one is damaged is left out.
 */
export function readCells(
  columns: Iterable<number>,
  stored: readonly SliceColumn[],
  meansOnly: boolean,
): ColumnSeries[] {
  const blocks = new Map<Float64Array, StoredBlock>();
  for (const one of stored) {
    const block = blocks.get(one.times);
    if (block === undefined) blocks.set(one.times, new Map([[one.column, one]]));
    else block.set(one.column, one);
  }
  const series: ColumnSeries[] = [];
  for (const id of columns) {
    const column = columnById(id);
    if (column === undefined) continue;
    const ids = levelColumns(id);
    for (const block of blocks.values()) {
      const [main, low, high] = ids.map((one) => block.get(one));
      if (main === undefined) continue;
      if (meansOnly) series.push({ ...main, column: id, values: inUnit(column, main.values) });
      else if (low && high) {
        series.push({ ...main, column: id, ...levelsOf(column, main.values, low.values, high.values) });
      }
    }
  }
  return series;
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
): Pick<ColumnSeries, 'values' | 'spread'> {
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
