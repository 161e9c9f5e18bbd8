/** Arithmetic on the lines of a series answer. A null is a bucket without a sample. Everything here is pure. */
import type { SeriesAnswer } from '../../../protocol/query.ts';

export type Values = readonly (number | null)[];

/** The mean values of each line, by column and then by key, with the buckets between two samples filled in. */
export type LineTable = ReadonlyMap<string, ReadonlyMap<string, Values>>;

/** A stretch in which ticks were missed, ms. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
}

export type Buckets = Pick<SeriesAnswer, 'times' | 'lines' | 'gaps'>;

/** @param intervalMs time between two ticks, which tells how long a gap is */
export function lineTable({ times, lines, gaps }: Buckets, intervalMs: number): LineTable {
  const table = new Map<string, Map<string, Values>>();
  const stretches = gaps.map(({ atMs, missed }) => ({ fromMs: atMs - missed * intervalMs, toMs: atMs }));
  for (const line of lines) {
    const byKey = table.get(line.column) ?? new Map<string, Values>();
    byKey.set(line.key, bridged(times, line.mean, stretches));
    table.set(line.column, byKey);
  }
  return table;
}

/**
 * Fills the empty buckets between two samples on a straight line, as buckets may be narrower than the interval.
 * Where ticks were missed, nothing is filled, and the mean rate that a counter has there is taken out: nobody saw
 * what happened. Buckets before the first and after the last sample stay empty.
 *
 * @param times start of each bucket, ms
 */
export function bridged(times: readonly number[], values: Values, gaps: readonly Gap[]): Values {
  const widthMs = (times[1] ?? 0) - (times[0] ?? 0);
  const ends = times.map((time) => time + widthMs);
  const isWithin = (gap: Gap, index: number) =>
    (times[index] ?? 0) >= gap.fromMs && (ends[index] ?? 0) <= gap.toMs;
  const filled = values.map((value, index) => (gaps.some((gap) => isWithin(gap, index)) ? null : value));
  let last = -1;
  for (let index = 0; index < filled.length; index += 1) {
    if (filled[index] === null) continue;
    const [from, to] = [ends[last] ?? 0, ends[index] ?? 0];
    const isBroken = gaps.some((gap) => gap.toMs > from && gap.toMs <= to);
    if (last >= 0 && !isBroken) interpolate(filled, last, index);
    last = index;
  }
  return filled;
}

function interpolate(values: (number | null)[], from: number, to: number): void {
  const first = values[from] ?? 0;
  const slope = ((values[to] ?? 0) - first) / (to - from);
  for (let index = from + 1; index < to; index += 1) values[index] = first + slope * (index - from);
}

/** The sum at each bucket of the lines that have a value there; null where none has. */
export function sum(lines: readonly Values[], length: number): Values {
  const total: (number | null)[] = new Array(length).fill(null);
  for (const line of lines) {
    for (let index = 0; index < length; index += 1) {
      const value = line[index] ?? null;
      if (value !== null) total[index] = (total[index] ?? 0) + value;
    }
  }
  return total;
}

/**
 * Each line on top of those before it. A line without a value counts as zero where another has one; where none has
 * one, every level is null.
 */
export function stacked(lines: readonly Values[], length: number): Values[] {
  const present = sum(lines, length);
  let below: Values = present.map((value) => (value === null ? null : 0));
  return lines.map((line) => {
    below = below.map((level, index) => (level === null ? null : level + (line[index] ?? 0)));
    return below;
  });
}

/** The lines of these columns for one key. */
export function linesOf(table: LineTable, columns: readonly string[], key: string): Values[] {
  return columns.map((column) => table.get(column)?.get(key)).filter((line) => line !== undefined);
}

/** Whether any bucket holds a value. */
export function isPresent(values: Values): boolean {
  return values.some((value) => value !== null);
}

/** Whether any bucket holds a value other than zero. */
export function isAlive(values: Values): boolean {
  return values.some((value) => value !== null && value !== 0);
}
