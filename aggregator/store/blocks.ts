/** The samples of a run: from its slices as far as it is sealed, and from the log. */

import { deflater } from '../../lib/deflater.ts';
import type { Block } from '../../protocol/batch.ts';
import { decodeSlice } from '../../protocol/codec/slice.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { type KeyRange, levelRange, type StoredRun, sliceRange } from './keys.ts';
import { levelColumns, levelSliceStart, levelWidths } from './level-builder.ts';
import { readCells } from './level-cells.ts';
import { type LogEntry, readLog } from './log.ts';
import type { ColumnSeries, SeriesRequest } from './model.ts';
import { SeriesBuilder } from './series-builder.ts';
import type { Tables } from './tables.ts';

/** A slice holds the samples of [n × SLICE_MS, (n + 1) × SLICE_MS) since the start of the run. */
export const SLICE_MS = 300_000;

/** The first ms of the slice that `ms` lies in. */
export function sliceStart(ms: number): number {
  return Math.floor(ms / SLICE_MS) * SLICE_MS;
}

/** As Store.series. A damaged slice, or a damaged column of one, costs its own samples alone. */
export function readSeries(tables: Tables, run: StoredRun, request: SeriesRequest): ColumnSeries[] {
  const builder = new SeriesBuilder(request);
  for (const part of run.seal.parts) readPart(tables, run, part, request, builder);
  for (const entry of readLog(tables, run)) {
    for (const block of entry.batch?.blocks ?? []) addBlock(builder, entry, block);
  }
  return builder.build();
}

/**
 * From the coarsest level that is fine enough, else from the samples. Where these were given up (retention), from the
 * finest level that is left.
 */
function readPart(
  tables: Tables,
  run: StoredRun,
  part: number,
  request: SeriesRequest,
  builder: SeriesBuilder,
): void {
  const widths = levelWidths(run.intervalMs);
  const enough = widths.filter((width) => width <= (request.resolutionMs ?? 0)).reverse();
  const coarser = widths.filter((width) => !enough.includes(width));
  for (const width of [...enough, SAMPLES, ...coarser]) {
    if (!hasAny(tables, partRange(run.id, part, width))) continue;
    for (const { value } of tables.slices.getRange(partRange(run.id, part, width, request))) {
      for (const series of decodeIntact(value, builder, width)) builder.add(series);
    }
    return;
  }
}

/** In place of a level's width: the samples themselves. */
const SAMPLES = 0;

function partRange(id: string, part: number, widthMs: number, stretch: SeriesStretch = {}): KeyRange {
  const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY } = stretch;
  return widthMs === SAMPLES
    ? sliceRange(id, part, sliceStart(fromMs), toMs)
    : levelRange(id, widthMs, part, levelSliceStart(fromMs, widthMs), toMs);
}

type SeriesStretch = Pick<SeriesRequest, 'fromMs' | 'toMs'>;

function hasAny(tables: Tables, range: KeyRange): boolean {
  return [...tables.slices.getKeys({ ...range, limit: 1 })].length > 0;
}

function decodeIntact(
  bytes: Uint8Array,
  { columns, wants }: SeriesBuilder,
  widthMs: number,
): readonly ColumnSeries[] {
  try {
    if (widthMs === SAMPLES) return decodeSlice(bytes, columns, wants, deflater);
    const stored = new Set([...columns].flatMap(levelColumns));
    return readCells(columns, decodeSlice(bytes, stored, wants, deflater));
  } catch (error) {
    if (error instanceof PodometerError) return [];
    throw error;
  }
}

function addBlock(builder: SeriesBuilder, { place, batch, offsetMs }: LogEntry, block: Block): void {
  const { subject, index, columns, ticks, values } = block;
  if (batch === undefined || !builder.wants(subject, place, index)) return;
  const times = Float64Array.from(ticks, (tick) => (batch.ticks[tick] ?? Number.NaN) + offsetMs);
  for (const [c, column] of columns.entries()) {
    if (!builder.columns.has(column)) continue;
    const list = Float64Array.from(values[c] ?? []);
    builder.add({ subject, member: place, index, column, times, values: list });
  }
}
