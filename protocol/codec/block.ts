/**
 * A block as bytes: rows of some columns of one subject.
 *
 *     block    = subject:u8 index:varint ticks columns column*
 *     ticks    = rows:varint first:varint gap*         gap = (distance to the next tick − 1):varint, rows − 1 of them
 *              | 0 rows:varint first:varint            rows at consecutive ticks: by far the most frequent
 *     columns  = count:varint first:varint gap*        ids, as ticks: gap = distance to the next id − 1
 *     column   = see column.ts, one per id
 *
 * The ids of the 17 columns that are read at every tick cost 18 bytes once per block, which deflate folds away.
 */
import type { Block, SubjectKindOnWire } from '../batch.ts';
import { decodeColumn, encodeColumn } from './column.ts';
import { type ByteReader, type ByteWriter, malformed } from './varint.ts';

export const MOST_ROWS = 65_536;
export const MOST_COLUMNS = 128;

const SUBJECTS: readonly SubjectKindOnWire[] = ['process', 'container', 'host', 'device', 'volume', 'output'];

/** What stands before the columns. */
export type BlockHead = Pick<Block, 'subject' | 'index' | 'columns' | 'ticks'>;

export function encodeBlock(block: Block, writer: ByteWriter): void {
  encodeBlockHead(block, writer);
  for (const values of block.values) encodeColumn(values, writer);
}

export function encodeBlockHead(head: BlockHead, writer: ByteWriter): void {
  writer.byte(SUBJECTS.indexOf(head.subject));
  writer.varint(head.index);
  encodeTicks(head.ticks, writer);
  writer.varint(head.columns.length);
  encodeRising(head.columns, writer);
}

/** What follows the head: the values of each column. Throws PODO_BATCH_MALFORMED. */
export function decodeBlockValues(reader: ByteReader, head: BlockHead): Float64Array[] {
  const rows = head.ticks.length;
  // One piece of memory for all: to ask for one costs more than to decode a column.
  const all = new Float64Array(rows * head.columns.length);
  return head.columns.map((_, place) => {
    const column = all.subarray(place * rows, (place + 1) * rows);
    decodeColumn(reader, column);
    return column;
  });
}

/** The block's last row alone. Every row is checked, one column after the other in `scratch`, which has room for as many or more. */
export function decodeLastRow(reader: ByteReader, head: BlockHead, scratch: Float64Array): Block {
  const column = scratch.subarray(0, head.ticks.length);
  const last = column.length - 1;
  const values = head.columns.map(() => {
    decodeColumn(reader, column);
    return [column[last] as number];
  });
  return { ...head, ticks: [head.ticks[last] as number], values };
}

/** `tickCount`: how many ticks there are to refer to. Throws PODO_BATCH_MALFORMED. */
export function decodeBlockHead(reader: ByteReader, tickCount: number): BlockHead {
  const kind = reader.byte('a subject kind');
  const subject = SUBJECTS[kind];
  if (subject === undefined) throw malformed(`subject kind ${kind} is not known`);
  const index = reader.varint('a subject index');
  const ticks = decodeTicks(reader, tickCount);
  const count = reader.count('the number of columns');
  if (count === 0 || count > MOST_COLUMNS)
    throw malformed(`a block has ${count} columns, not 1 to ${MOST_COLUMNS}`);
  return { subject, index, ticks, columns: decodeRising(reader, count, 'a column id') };
}

function encodeTicks(ticks: ArrayLike<number>, writer: ByteWriter): void {
  const first = ticks[0] ?? 0;
  const last = ticks[ticks.length - 1] ?? 0;
  if (last - first === ticks.length - 1) {
    writer.byte(0);
    writer.varint(ticks.length);
    writer.varint(first);
    return;
  }
  writer.varint(ticks.length);
  encodeRising(ticks, writer);
}

function decodeTicks(reader: ByteReader, tickCount: number): number[] {
  const listed = reader.varint('the number of rows');
  const rows = listed === 0 ? reader.varint('the number of rows') : listed;
  if (rows === 0 || rows > Math.min(MOST_ROWS, tickCount))
    throw malformed(`a block has ${rows} rows for ${tickCount} ticks`);
  const ticks =
    listed === 0 ? consecutive(reader.varint('the first tick'), rows) : decodeRising(reader, rows, 'a tick');
  if ((ticks.at(-1) ?? 0) >= tickCount)
    throw malformed(`a block refers to tick ${ticks.at(-1)} of ${tickCount}`);
  return ticks;
}

function consecutive(first: number, count: number): number[] {
  const ticks = new Array<number>(count);
  for (let i = 0; i < count; i++) ticks[i] = first + i;
  return ticks;
}

function encodeRising(values: ArrayLike<number>, writer: ByteWriter): void {
  for (let i = 0, before = -1; i < values.length; i++) {
    const value = values[i] as number;
    writer.varint(value - before - 1);
    before = value;
  }
}

function decodeRising(reader: ByteReader, count: number, what: string): number[] {
  const values: number[] = [];
  for (let i = 0, before = -1; i < count; i++) {
    before += reader.varint(what) + 1;
    if (!Number.isSafeInteger(before)) throw malformed(`${what} is above 2^53`);
    values.push(before);
  }
  return values;
}
