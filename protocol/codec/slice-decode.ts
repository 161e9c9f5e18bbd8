/** Reads a slice in the format that slice.ts describes. Everything is checked. */
import type { SubjectKindOnWire } from '../batch.ts';
import { type BlockHead, decodeBlockHead } from './block.ts';
import { decodeColumn } from './column.ts';
import { crc32 } from './crc32.ts';
import { type Deflater, type Packed, unpack } from './deflater.ts';
import { DIRECTORY, SLICE_MAGIC, SLICE_VERSION } from './slice.ts';
import { ByteReader, malformed } from './varint.ts';

const MOST_FRAME_BYTES = 256 * 1024 * 1024;

/** What a slice holds of the wanted columns of one block. */
export interface SliceRows {
  readonly member: number;
  readonly subject: SubjectKindOnWire;
  readonly index: number;
  /** ms since the start of the run. */
  readonly times: Float64Array;
  /** In the order of the wanted columns; undefined where the block has no such column, or it is damaged. */
  readonly values: readonly (Float64Array | undefined)[];
}

/**
 * The wanted columns of the wanted subjects, block by block; a damaged column is left out, and told to `onDamaged`. Throws
 * PODO_BATCH_MALFORMED.
 */
export function decodeSlice(
  bytes: Uint8Array,
  columns: readonly number[],
  wanted: (subject: SubjectKindOnWire, member: number, index: number) => boolean,
  deflater: Deflater,
  onDamaged: (column: number) => void = () => {},
): SliceRows[] {
  return rowsOf(openSlice(bytes, deflater), { columns, wanted, deflater, onDamaged });
}

/** A block with all of its columns. */
export interface WholeRows extends SliceRows {
  readonly columns: readonly number[];
  readonly values: readonly Float64Array[];
}

/** Every block. Throws PODO_BATCH_MALFORMED where anything of the slice is damaged or missing. */
export function decodeWholeSlice(bytes: Uint8Array, deflater: Deflater): WholeRows[] {
  const slice = openSlice(bytes, deflater);
  const columns = [...new Set(slice.heads.flatMap((head) => head.columns))];
  const onDamaged = (column: number): never => {
    throw malformed(`column ${column} of a slice does not match its checksum`);
  };
  const rows = rowsOf(slice, { columns, wanted: () => true, deflater, onDamaged });
  return slice.heads.map((head, i) => {
    const block = rows[i];
    const values = head.columns.flatMap((column) => block?.values[columns.indexOf(column)] ?? []);
    if (block === undefined || values.length < head.columns.length)
      throw malformed('a column of a slice is missing');
    return { ...block, columns: head.columns, values };
  });
}

interface WantedRows {
  readonly columns: readonly number[];
  readonly wanted: (subject: SubjectKindOnWire, member: number, index: number) => boolean;
  readonly deflater: Deflater;
  readonly onDamaged: (column: number) => void;
}

function rowsOf(
  { frames, ticks, heads, small }: OpenSlice,
  { columns, wanted, deflater, onDamaged }: WantedRows,
): SliceRows[] {
  const blocks = heads.map((head) => {
    const isWanted = wanted(head.subject, head.member, head.index);
    return { head, values: isWanted ? new Array<Float64Array | undefined>(columns.length) : undefined };
  });
  if (blocks.every(({ values }) => values === undefined)) return [];
  const scratch = new Float64Array(heads.reduce((most, head) => Math.max(most, head.ticks.length), 0));
  for (const [place, column] of columns.entries()) {
    const frame = frames.get(column);
    if (frame !== undefined && !isIntact(frame)) onDamaged(column);
    else {
      const bytes = small.get(column) ?? (frame && unpack(frame, deflater));
      if (bytes !== undefined) decodeFrame(bytes, { column, place }, blocks, scratch);
    }
  }
  const found: SliceRows[] = [];
  for (const { head, values } of blocks) {
    if (!values?.some((list) => list !== undefined)) continue;
    const { member, subject, index } = head;
    const times = timesAt(ticks[member] ?? new Float64Array(), head.ticks);
    found.push({ member, subject, index, times, values });
  }
  return found;
}

/** `values`: undefined where the block is not wanted. */
interface OpenBlock {
  readonly head: SliceHead;
  readonly values: (Float64Array | undefined)[] | undefined;
}

/**
 * The ids of the columns of a slice that are damaged or missing, in the order of ids. Throws PODO_BATCH_MALFORMED where the
 * slice as a whole cannot be read.
 */
export function damagedColumns(bytes: Uint8Array, deflater: Deflater): number[] {
  const { frames, heads, small } = openSlice(bytes, deflater);
  const isWhole = (id: number): boolean => {
    const frame = frames.get(id);
    return small.has(id) || (frame !== undefined && isIntact(frame));
  };
  const ids = new Set(heads.flatMap(({ columns }) => columns));
  return [...ids].filter((id) => !isWhole(id)).sort((a, b) => a - b);
}

interface Frame extends Packed {
  readonly crc: number;
}

interface SliceHead extends BlockHead {
  readonly member: number;
}

interface Directory {
  readonly ticks: readonly Float64Array[];
  readonly heads: readonly SliceHead[];
  /** By column id. */
  readonly small: ReadonlyMap<number, Uint8Array>;
}

interface OpenSlice extends Directory {
  readonly frames: ReadonlyMap<number, Frame>;
}

function openSlice(bytes: Uint8Array, deflater: Deflater): OpenSlice {
  const frames = readFrames(bytes);
  const directory = frames.get(DIRECTORY);
  if (directory === undefined) throw malformed('a slice has no directory');
  return { frames, ...decodeDirectory(payload(directory, deflater)) };
}

function decodeDirectory(bytes: Uint8Array): Directory {
  const reader = new ByteReader(bytes);
  const ticks = Array.from({ length: reader.count('the number of members') }, () => {
    const count = reader.varint('the number of ticks');
    if (count > MOST_FRAME_BYTES) throw malformed(`a slice has ${count} ticks`);
    const list = new Float64Array(Math.max(1, count));
    decodeColumn(reader, list);
    return list.subarray(0, count);
  });
  const heads = Array.from({ length: reader.count('the number of blocks') }, () => {
    const member = reader.varint('a member');
    return { member, ...decodeBlockHead(reader, ticks[member]?.length ?? 0) };
  });
  const small = Array.from({ length: reader.count('the number of small columns') }, () => {
    const id = reader.varint('a column id');
    return [id, reader.take(reader.varint('the length of a column'), 'a column')] as const;
  });
  return { ticks, heads, small: new Map(small) };
}

/** Puts a column into the wanted blocks, at its place among their values. `scratch`: has room for any block. */
function decodeFrame(
  bytes: Uint8Array,
  { column, place }: { readonly column: number; readonly place: number },
  blocks: readonly OpenBlock[],
  scratch: Float64Array,
): void {
  const own = blocks.filter(({ head }) => head.columns.includes(column));
  // One piece of memory for all: to ask for one costs more than to decode a few rows.
  const all = new Float64Array(
    own.reduce((rows, { head, values }) => rows + (values ? head.ticks.length : 0), 0),
  );
  const reader = new ByteReader(bytes);
  let start = 0;
  for (const { head, values } of own) {
    if (start === all.length) return;
    const { length } = head.ticks;
    if (values === undefined) decodeColumn(reader, scratch.subarray(0, length));
    else {
      const list = all.subarray(start, start + length);
      decodeColumn(reader, list);
      values[place] = list;
      start += length;
    }
  }
}

/** `places` rise; those that follow each other, as nearly all do, share the list's memory. */
function timesAt(list: Float64Array, places: ArrayLike<number>): Float64Array {
  const first = places[0] ?? 0;
  const last = places[places.length - 1] ?? 0;
  if (last - first === places.length - 1) return list.subarray(first, last + 1);
  return Float64Array.from(places, (place) => list[place] ?? Number.NaN);
}

function readFrames(bytes: Uint8Array): Map<number, Frame> {
  const reader = new ByteReader(bytes);
  const magic = reader.take(SLICE_MAGIC.length, 'the magic of a slice');
  if (!SLICE_MAGIC.every((byte, i) => byte === magic[i]))
    throw malformed('a slice does not begin with "PODS"');
  const version = reader.byte('the version of a slice');
  if (version !== SLICE_VERSION) throw malformed(`a slice has format version ${version}`);
  const frames = new Map<number, Frame>();
  while (reader.remaining > 0) {
    const id = reader.varint('a frame id');
    const length = reader.varint('a frame length');
    const size = reader.varint('a stored length');
    const crc = reader.uint32('a frame checksum');
    frames.set(id, { length, crc, stored: reader.take(size, 'a frame') });
  }
  return frames;
}

function isIntact({ stored, crc, length }: Frame): boolean {
  return length <= MOST_FRAME_BYTES && crc32(stored) === crc;
}

function payload(frame: Frame, deflater: Deflater): Uint8Array {
  if (!isIntact(frame)) throw malformed('a frame of a slice does not match its checksum');
  return unpack(frame, deflater);
}
