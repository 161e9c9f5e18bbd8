/** The samples of a run: from its slices as far as it is sealed, and from the log. */

import type { Key } from 'lmdb';
import { deflater } from '../../lib/deflater.ts';
import type { Block } from '../../protocol/batch.ts';
import { decodeSlice, type SliceRows } from '../../protocol/codec/slice-decode.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { levelRange, type StoredRun, sliceRange, sliceRangeBackwards } from './keys.ts';
import { levelSliceStart, levelWidths } from './level-builder.ts';
import { readCells, storedColumns } from './level-cells.ts';
import { type LogEntry, readLog } from './log.ts';
import type { ColumnSeries, SeriesRequest } from './model.ts';
import { hasSlices, rangeOf, SAMPLES } from './part-ranges.ts';
import { SeriesBuilder } from './series-builder.ts';
import type { Tables } from './tables.ts';

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
 * From the coarsest level that is fine enough and whole, else from the samples. Where these were given up (retention), from
 * the finest level that is left.
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
  let damaged: readonly SliceRows[] | undefined;
  for (const width of [...enough, SAMPLES, ...coarser]) {
    if (!hasSlices(tables, rangeOf(run.id, part, width))) continue;
    const slices = slicesOf(tables, run.id, part, width, request);
    if (width === SAMPLES) {
      for (const slice of slices) addSamples(builder, slice);
      return;
    }
    const level = readLevel(slices, builder);
    if (!level.isDamaged) {
      addLevel(builder, level.blocks);
      return;
    }
    damaged ??= level.blocks;
  }
  addLevel(builder, damaged ?? []);
}

type Stretch = Pick<SeriesRequest, 'fromMs' | 'toMs'>;

/** The slices of a part that a stretch of time lies in. */
function slicesOf(
  tables: Tables,
  id: string,
  part: number,
  widthMs: number,
  { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY }: Stretch,
): Iterable<Uint8Array> {
  const range =
    widthMs === SAMPLES
      ? sliceRange(id, part, lastStart(tables, id, part, fromMs), toMs)
      : levelRange(id, widthMs, part, levelSliceStart(fromMs, widthMs), toMs);
  return tables.slices.getRange(range).map(({ value }) => value);
}

/** Where the slice begins that `ms` lies in: how long slices are differs from part to part. */
function lastStart({ slices }: Tables, id: string, part: number, ms: number): number {
  const [found] = slices.getKeys({ ...sliceRangeBackwards(id, part, ms), limit: 1 });
  return found === undefined ? ms : Number((found as Key[]).at(-1));
}

/** Nothing of a slice that is damaged as a whole. */
function addSamples(builder: SeriesBuilder, bytes: Uint8Array): void {
  const { columns, wants } = builder;
  try {
    for (const rows of decodeSlice(bytes, columns, wants, deflater)) {
      const { times } = rows;
      for (const [place, column] of columns.entries()) {
        const values = rows.values[place];
        if (values !== undefined) builder.add(rows, { column, times, values });
      }
    }
  } catch (error) {
    if (!(error instanceof PodometerError)) throw error;
  }
}

interface Level {
  readonly blocks: readonly SliceRows[];
  /** Whether anything of it is missing that was there once. */
  readonly isDamaged: boolean;
}

function readLevel(slices: Iterable<Uint8Array>, { columns, wants, meansOnly }: SeriesBuilder): Level {
  const stored = storedColumns(columns, meansOnly);
  const blocks: SliceRows[] = [];
  let isDamaged = false;
  const onDamaged = (): void => {
    isDamaged = true;
  };
  for (const bytes of slices) {
    try {
      blocks.push(...decodeSlice(bytes, stored, wants, deflater, onDamaged));
    } catch (error) {
      if (!(error instanceof PodometerError)) throw error;
      isDamaged = true;
    }
  }
  return { blocks, isDamaged };
}

function addLevel(builder: SeriesBuilder, blocks: readonly SliceRows[]): void {
  const { columns, meansOnly } = builder;
  for (const block of blocks) {
    const { times } = block;
    for (const cells of readCells(columns, block, meansOnly)) builder.add(block, { ...cells, times });
  }
}

function addBlock(builder: SeriesBuilder, { place, batch, offsetMs }: LogEntry, block: Block): void {
  const { subject, index, columns, ticks, values } = block;
  if (batch === undefined || !builder.wants(subject, place, index)) return;
  const times = Float64Array.from(ticks, (tick) => (batch.ticks[tick] ?? Number.NaN) + offsetMs);
  for (const column of builder.columns) {
    const list = values[columns.indexOf(column)];
    if (list === undefined) continue;
    builder.add({ subject, member: place, index }, { column, times, values: Float64Array.from(list) });
  }
}
