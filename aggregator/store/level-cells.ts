/** Reads the slices of a level back as series (level-builder.ts says what lies in them). */
import type { SliceColumn } from '../../protocol/codec/slice.ts';
import { type Column, columnById } from '../../protocol/metrics.ts';
import { gaugeScale, levelColumns, THOUSANDTHS } from './level-builder.ts';
import type { ColumnSeries } from './model.ts';

/** Puts the three stored columns of each series together; one of which a column is damaged is left out. */
export function readCells(columns: Iterable<number>, stored: readonly SliceColumn[]): ColumnSeries[] {
  const byKey = new Map(stored.map((one) => [keyOf(one, one.column, Number(one.times[0])), one]));
  return [...columns].flatMap((id) => {
    const column = columnById(id);
    const [main, low, high] = levelColumns(id);
    if (column === undefined) return [];
    return stored
      .filter((one) => one.column === main)
      .flatMap((one) => {
        const start = Number(one.times[0]);
        const [lows, highs] = [low, high].map((other) => byKey.get(keyOf(one, other, start))?.values);
        if (lows === undefined || highs === undefined) return [];
        return [{ ...one, column: id, ...levelsOf(column, one.values, lows, highs) }];
      });
  });
}

function keyOf({ member, subject, index }: SliceColumn, column: number, startMs: number): string {
  return `${member} ${subject} ${index} ${column} ${startMs}`;
}

function levelsOf(
  { kind, unit }: Column,
  main: Float64Array,
  low: Float64Array,
  high: Float64Array,
): Pick<ColumnSeries, 'values' | 'spread'> {
  if (kind === 'gauge') {
    const scale = gaugeScale(unit);
    return {
      values: main.map((value) => value / scale),
      spread: {
        low: main.map((value, i) => (value - Number(low[i])) / scale),
        high: main.map((value, i) => (value + Number(high[i])) / scale),
      },
    };
  }
  const rateAt = (i: number, sum: number) => (Number(high[i]) < 0 ? Number.NaN : sum / THOUSANDTHS);
  return {
    values: main,
    spread: {
      low: low.map((value, i) => rateAt(i, value)),
      high: low.map((value, i) => rateAt(i, value + Number(high[i]))),
    },
  };
}
