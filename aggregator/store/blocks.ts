/** The samples of a run: from its slices as far as it is sealed, and from the log. */

import { deflater } from '../../lib/deflater.ts';
import type { Block } from '../../protocol/batch.ts';
import { decodeSlice } from '../../protocol/codec/slice.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { type StoredRun, sliceRange } from './keys.ts';
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
  for (const bytes of slicesOf(tables, run, request)) {
    for (const column of decodeIntact(bytes, builder)) builder.add(column);
  }
  for (const entry of readLog(tables, run)) {
    for (const block of entry.batch?.blocks ?? []) addBlock(builder, entry, block);
  }
  return builder.build();
}

function* slicesOf(tables: Tables, run: StoredRun, request: SeriesRequest): Generator<Uint8Array> {
  const fromMs = sliceStart(request.fromMs ?? Number.NEGATIVE_INFINITY);
  const toMs = request.toMs ?? Number.POSITIVE_INFINITY;
  for (const part of run.seal.parts) {
    for (const { value } of tables.slices.getRange(sliceRange(run.id, part, fromMs, toMs))) yield value;
  }
}

function decodeIntact(bytes: Uint8Array, { columns, wants }: SeriesBuilder): readonly ColumnSeries[] {
  try {
    return decodeSlice(bytes, columns, wants, deflater);
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
