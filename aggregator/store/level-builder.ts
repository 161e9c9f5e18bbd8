/**
 * Pre-aggregated levels: a run's samples in cells of 10 s, 1 min and 10 min, so that a chart of a day costs the points
 * drawn and not the points kept.
 *
 * A cell stands at its first sample's time and reaches to the next cell. Of a gauge it holds the mean (each sample counts
 * until the next one), the least and the greatest; of a counter the value at the cell's first sample, and the least and
 * greatest rate between samples that follow each other. The last sample of an unbroken stretch is a cell of its own, so
 * that stretches that were built apart join without losing the interval between them.
 *
 * A level is kept as a slice (codec/slice.ts) with three columns in place of each column c:
 *
 *     3c        gauge: the mean; counter: the value
 *     3c + 1    gauge: mean − least; counter: the least rate per second, in thousandths
 *     3c + 2    gauge: greatest − mean; counter: greatest − least rate, or −1 where no rate is known
 *
 * Levels of gauges that count things (unit 1) are in thousandths, because their means are fractions.
 */
import type { SubjectKindOnWire } from '../../protocol/batch.ts';
import { MOST_COLUMNS, MOST_ROWS } from '../../protocol/codec/block.ts';
import { type Column, columnById } from '../../protocol/metrics.ts';
import type { LogEntry } from './log.ts';
import type { BlockDraft, TimedBlock } from './slice-grid.ts';

/** From fine to coarse. */
export const LEVEL_WIDTHS_MS = [10_000, 60_000, 600_000] as const;

/** Below this many samples a cell, a level would hardly be smaller than the samples. */
const LEAST_SAMPLES_A_CELL = 4;
/** How many cells of each subject lie in one slice. */
const CELLS_A_SLICE = 360;
export const THOUSANDTHS = 1000;
export const COLUMNS_A_CELL = 3;
const MOST_COLUMNS_OF_LEVEL = Math.floor(MOST_COLUMNS / COLUMNS_A_CELL);

/** The widths of the levels that a run with this interval has. */
export function levelWidths(intervalMs: number): number[] {
  return LEVEL_WIDTHS_MS.filter((width) => width >= LEAST_SAMPLES_A_CELL * intervalMs);
}

/** How much time a slice of a level holds. */
export function levelStretch(widthMs: number): number {
  return widthMs * CELLS_A_SLICE;
}

/** The first ms of the slice of a level that `ms` lies in. */
export function levelSliceStart(ms: number, widthMs: number): number {
  const stretchMs = levelStretch(widthMs);
  return Math.floor(ms / stretchMs) * stretchMs;
}

/** The three columns of a level that stand for a column. */
export function levelColumns(id: number): [main: number, low: number, high: number] {
  return [COLUMNS_A_CELL * id, COLUMNS_A_CELL * id + 1, COLUMNS_A_CELL * id + 2];
}

/** A cell that grows: sums over the intervals that began in it. */
interface Cell {
  readonly startMs: number;
  readonly first: Float64Array;
  /** Gauges: level × ms. */
  readonly sum: Float64Array;
  readonly least: Float64Array;
  readonly greatest: Float64Array;
}

/** One subject's columns as one block after the other brings them. */
interface Stretch {
  readonly member: number;
  readonly subject: SubjectKindOnWire;
  readonly index: number;
  readonly columns: readonly Column[];
  cell: Cell;
  lastMs: number;
  readonly last: Float64Array;
}

export class LevelBuilder {
  readonly #widthMs: number;
  readonly #stretches = new Map<string, Stretch>();
  /** By the start of their slice; of a stretch and slice, the drafts by groups of columns. */
  readonly #drafts = new Map<number, Map<string, BlockDraft[]>>();

  constructor(widthMs: number) {
    this.#widthMs = widthMs;
  }

  /** Entries of one member must come in the order of their sequence. Columns that this version does not know are left out. */
  add({ place, batch, offsetMs }: LogEntry): void {
    for (const block of batch?.blocks ?? []) {
      const times = Array.from(block.ticks, (tick) => Number(batch?.ticks[tick]) + offsetMs);
      this.addBlock({ ...block, member: place, times });
    }
  }

  /** As `add`; blocks of one member and subject must come in the order of their times. */
  addBlock(block: TimedBlock): void {
    const known = block.columns.flatMap((id, c) => {
      const column = columnById(id);
      return column === undefined ? [] : [{ column, values: block.values[c] ?? [] }];
    });
    if (known.length > 0) this.#addRows(block, known);
  }

  /** What is kept of every stretch, by the start of its slice. Ends every stretch. */
  finish(): Map<number, BlockDraft[]> {
    for (const [key, stretch] of this.#stretches) this.#end(key, stretch);
    this.#stretches.clear();
    return new Map([...this.#drafts].map(([start, byKey]) => [start, [...byKey.values()].flat()]));
  }

  #addRows(
    { member, subject, index, columns, times }: TimedBlock,
    known: readonly { readonly column: Column; readonly values: ArrayLike<number> }[],
  ): void {
    const key = `${member} ${subject} ${index} ${columns.join()}`;
    let stretch = this.#stretches.get(key);
    for (let row = 0; row < times.length; row++) {
      const timeMs = times[row] as number;
      if (stretch !== undefined && timeMs <= stretch.lastMs) {
        this.#end(key, stretch);
        stretch = undefined;
      }
      const values = Float64Array.from(known, ({ values }) => Number(values[row]));
      if (stretch === undefined) {
        const list = known.map(({ column }) => column);
        const cell = newCell(timeMs, values);
        stretch = { member, subject, index, columns: list, cell, lastMs: timeMs, last: values };
        this.#stretches.set(key, stretch);
      } else this.#advance(key, stretch, timeMs, values);
    }
  }

  #advance(key: string, stretch: Stretch, timeMs: number, values: Float64Array): void {
    const { cell, columns, last, lastMs } = stretch;
    for (const [c, { kind }] of columns.entries()) {
      const before = Number(last[c]);
      const rate = ((Number(values[c]) - before) / (timeMs - lastMs)) * 1000;
      const level = kind === 'gauge' ? before : rate;
      if (kind === 'gauge') cell.sum[c] = Number(cell.sum[c]) + level * (timeMs - lastMs);
      cell.least[c] = Math.min(Number(cell.least[c]), level);
      cell.greatest[c] = Math.max(Number(cell.greatest[c]), level);
    }
    if (Math.floor(timeMs / this.#widthMs) !== Math.floor(cell.startMs / this.#widthMs)) {
      this.#keep(key, stretch, cell, timeMs);
      stretch.cell = newCell(timeMs, values);
    }
    stretch.lastMs = timeMs;
    stretch.last.set(values);
  }

  #end(key: string, stretch: Stretch): void {
    const { cell, lastMs, last } = stretch;
    if (cell.startMs < lastMs) this.#keep(key, stretch, cell, lastMs);
    this.#keep(key, stretch, newCell(lastMs, last), lastMs);
  }

  #keep(key: string, stretch: Stretch, cell: Cell, untilMs: number): void {
    const { member, subject, index, columns } = stretch;
    const sliceStart = levelSliceStart(cell.startMs, this.#widthMs);
    const slice = this.#drafts.get(sliceStart) ?? new Map<string, BlockDraft[]>();
    this.#drafts.set(sliceStart, slice);
    const drafts = slice.get(key) ?? [];
    slice.set(key, drafts);
    for (let from = 0; from < columns.length; from += MOST_COLUMNS_OF_LEVEL) {
      const group = columns.slice(from, from + MOST_COLUMNS_OF_LEVEL);
      const ids = group.flatMap(({ id }) => levelColumns(id));
      const draft = openDraft(drafts, ids, cell.startMs, { member, subject, index });
      draft.times.push(cell.startMs);
      const stored = group.flatMap((column, c) => storedCell(column, cell, from + c, untilMs));
      for (const [c, value] of stored.entries()) draft.values[c]?.push(value);
    }
  }
}

/** The last draft of these columns, if this time can follow in it. */
function openDraft(
  drafts: BlockDraft[],
  columns: readonly number[],
  timeMs: number,
  subject: Pick<BlockDraft, 'member' | 'subject' | 'index'>,
): BlockDraft {
  const open = drafts.findLast((draft) => draft.columns[0] === columns[0]);
  const isOpen = open && open.times.length < MOST_ROWS && timeMs > Number(open.times.at(-1));
  if (isOpen) return open;
  const made: BlockDraft = { ...subject, columns, times: [], values: columns.map(() => []) };
  drafts.push(made);
  return made;
}

function newCell(startMs: number, values: Float64Array): Cell {
  return {
    startMs,
    first: values.slice(),
    sum: new Float64Array(values.length),
    least: new Float64Array(values.length).fill(Number.POSITIVE_INFINITY),
    greatest: new Float64Array(values.length).fill(Number.NEGATIVE_INFINITY),
  };
}

function storedCell(column: Column, cell: Cell, c: number, untilMs: number): [number, number, number] {
  const first = Number(cell.first[c]);
  const [least, greatest] = [Number(cell.least[c]), Number(cell.greatest[c])];
  const isEmpty = untilMs === cell.startMs;
  if (column.kind === 'counter') {
    if (isEmpty) return [first, 0, -1];
    const low = storable(Math.floor(least * THOUSANDTHS));
    return [first, low, storable(Math.ceil(greatest * THOUSANDTHS) - low)];
  }
  const scale = gaugeScale(column.unit);
  if (isEmpty) return [storable(first * scale), 0, 0];
  const mean = storable(Math.round((Number(cell.sum[c]) / (untilMs - cell.startMs)) * scale));
  return [mean, storable(mean - least * scale), storable(greatest * scale - mean)];
}

/** Columns hold safe integers; what an agent makes up may lead beyond them. */
function storable(value: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(Number.MIN_SAFE_INTEGER, value));
}

/** What levels of a gauge were multiplied with to be whole. */
export function gaugeScale(unit: Column['unit']): number {
  return unit === '1' ? THOUSANDTHS : 1;
}
