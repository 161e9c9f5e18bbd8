/**
 * A slice: a stretch of a run's history in its sealed form, all members and subjects together.
 *
 *     slice    = "PODS" version:u8 frame*
 *     frame    = id:varint length:varint stored:varint crc32:u32le payload(stored bytes)
 *     frame 0  = members:varint (ticks:varint first:zz gap:varint*)*
 *                blocks:varint (member:varint subject:u8 index:varint ticks columns)*
 *                small:varint (id:varint length:varint column*)*
 *     frame c  = one column (column.ts) for every block of frame 0 that has the column id c, in that order
 *
 * `ticks` and `columns` of a block are written as in block.ts; a tick is a place in its member's list, whose times are
 * ms since the start of the run. The payload is deflated where that is shorter (stored < length). One frame per column
 * means that a query inflates the columns that it asks for and no others, and that like values lie side by side, which
 * deflate rewards. A column of few bytes stands in frame 0, for the head of a frame would be longer than deflate makes
 * it. A damaged frame costs that column alone; a damaged frame 0 costs the slice.
 */
import type { Block, SubjectKindOnWire } from '../batch.ts';
import { type BlockHead, decodeBlockHead, encodeBlockHead } from './block.ts';
import { decodeColumn, encodeColumn } from './column.ts';
import { crc32 } from './crc32.ts';
import { type Deflater, type Packed, pack, unpack } from './deflater.ts';
import { ByteReader, ByteWriter, malformed } from './varint.ts';

const MAGIC = Uint8Array.of(0x50, 0x4f, 0x44, 0x53);
const SLICE_VERSION = 1;
const DIRECTORY = 0;
/** Up to this, a column stands in the directory. */
const SMALL_BYTES = 256;
const MOST_FRAME_BYTES = 256 * 1024 * 1024;

/** Rows of one subject of one member; `ticks` are places in the member's list. */
export interface SliceBlock extends Block {
  readonly member: number;
}

export interface SliceContent {
  /** Per member: its ticks, ms since the start of the run, strictly increasing. */
  readonly ticks: readonly (readonly number[])[];
  readonly blocks: readonly SliceBlock[];
}

export interface SliceColumn {
  readonly member: number;
  readonly subject: SubjectKindOnWire;
  readonly index: number;
  readonly column: number;
  /** ms since the start of the run. */
  readonly times: Float64Array;
  readonly values: Float64Array;
}

export function encodeSlice(content: SliceContent, deflater: Deflater): Uint8Array {
  const steps = encodeSliceInSteps(content, deflater);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** As encodeSlice, with a pause after each column, for who has other things to do meanwhile. */
export function* encodeSliceInSteps(
  content: SliceContent,
  deflater: Deflater,
): Generator<undefined, Uint8Array> {
  const out = new ByteWriter(64 * 1024);
  out.append(MAGIC);
  out.byte(SLICE_VERSION);
  const ids = new Set(content.blocks.flatMap((block) => [...block.columns]));
  const columns: ColumnBytes[] = [];
  for (const id of [...ids].sort((a, b) => a - b)) {
    columns.push({ id, bytes: encodeColumns(content.blocks, id) });
    yield;
  }
  const { small = [], large = [] } = Object.groupBy(columns, ({ bytes }) =>
    bytes.length <= SMALL_BYTES ? 'small' : 'large',
  );
  writeFrame(out, DIRECTORY, encodeDirectory(content, small), deflater);
  for (const { id, bytes } of large) {
    writeFrame(out, id, bytes, deflater);
    yield;
  }
  return out.view().slice();
}

interface ColumnBytes {
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** One column of every block that has it. */
function encodeColumns(blocks: readonly SliceBlock[], id: number): Uint8Array {
  const writer = new ByteWriter(4096);
  for (const block of blocks) {
    const values = block.values[block.columns.indexOf(id)];
    if (values !== undefined) encodeColumn(values, writer);
  }
  return writer.view();
}

/**
 * The wanted columns of the wanted subjects; a damaged column is left out, and told to `onDamaged`. Throws
 * PODO_BATCH_MALFORMED.
 */
export function decodeSlice(
  bytes: Uint8Array,
  columns: ReadonlySet<number>,
  wanted: (subject: SubjectKindOnWire, member: number, index: number) => boolean,
  deflater: Deflater,
  onDamaged: (column: number) => void = () => {},
): SliceColumn[] {
  const frames = readFrames(bytes);
  const directory = frames.get(DIRECTORY);
  if (directory === undefined) throw malformed('a slice has no directory');
  const { ticks, heads, small } = decodeDirectory(payload(directory, deflater));
  const times = new SliceTimes(ticks);
  return [...columns].flatMap((column) => {
    const frame = frames.get(column);
    if (frame !== undefined && !isIntact(frame)) onDamaged(column);
    else {
      const bytes = small.get(column) ?? (frame && unpack(frame, deflater));
      if (bytes !== undefined) return decodeFrame(column, bytes, heads, times, wanted);
    }
    return [];
  });
}

/**
 * The ids of the columns of a slice that are damaged or missing, in the order of ids. Throws PODO_BATCH_MALFORMED where the
 * slice as a whole cannot be read.
 */
export function damagedColumns(bytes: Uint8Array, deflater: Deflater): number[] {
  const frames = readFrames(bytes);
  const directory = frames.get(DIRECTORY);
  if (directory === undefined) throw malformed('a slice has no directory');
  const { heads, small } = decodeDirectory(payload(directory, deflater));
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

function encodeDirectory(content: SliceContent, small: readonly ColumnBytes[]): Uint8Array {
  const writer = new ByteWriter(4096);
  writer.varint(content.ticks.length);
  for (const ticks of content.ticks) {
    writer.varint(ticks.length);
    encodeColumn(ticks.length > 0 ? ticks : [0], writer);
  }
  writer.varint(content.blocks.length);
  for (const block of content.blocks) {
    writer.varint(block.member);
    encodeBlockHead(block, writer);
  }
  writer.varint(small.length);
  for (const { id, bytes } of small) {
    writer.varint(id);
    writer.varint(bytes.length);
    writer.append(bytes);
  }
  return writer.view();
}

interface Directory {
  readonly ticks: readonly Float64Array[];
  readonly heads: readonly SliceHead[];
  /** By column id. */
  readonly small: ReadonlyMap<number, Uint8Array>;
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

function decodeFrame(
  column: number,
  bytes: Uint8Array,
  heads: readonly SliceHead[],
  times: SliceTimes,
  wanted: (subject: SubjectKindOnWire, member: number, index: number) => boolean,
): SliceColumn[] {
  const reader = new ByteReader(bytes);
  const found: SliceColumn[] = [];
  for (const head of heads) {
    const { member, subject, index, columns, ticks } = head;
    if (!columns.includes(column)) continue;
    const values = new Float64Array(ticks.length);
    decodeColumn(reader, values);
    if (!wanted(subject, member, index)) continue;
    found.push({ member, subject, index, column, times: times.of(head), values });
  }
  return found;
}

/** The times of each block, which all of its columns share. */
class SliceTimes {
  readonly #ticks: readonly Float64Array[];
  readonly #known = new Map<SliceHead, Float64Array>();

  constructor(ticks: readonly Float64Array[]) {
    this.#ticks = ticks;
  }

  of(head: SliceHead): Float64Array {
    const known = this.#known.get(head);
    if (known !== undefined) return known;
    const times = timesAt(this.#ticks[head.member] ?? new Float64Array(), head.ticks);
    this.#known.set(head, times);
    return times;
  }
}

/** `places` rise; those that follow each other, as nearly all do, share the list's memory. */
function timesAt(list: Float64Array, places: ArrayLike<number>): Float64Array {
  const first = places[0] ?? 0;
  const last = places[places.length - 1] ?? 0;
  if (last - first === places.length - 1) return list.subarray(first, last + 1);
  return Float64Array.from(places, (place) => list[place] ?? Number.NaN);
}

function writeFrame(out: ByteWriter, id: number, bytes: Uint8Array, deflater: Deflater): void {
  const { length, stored } = pack(bytes, deflater);
  out.varint(id);
  out.varint(length);
  out.varint(stored.length);
  out.uint32(crc32(stored));
  out.append(stored);
}

function readFrames(bytes: Uint8Array): Map<number, Frame> {
  const reader = new ByteReader(bytes);
  const magic = reader.take(MAGIC.length, 'the magic of a slice');
  if (!MAGIC.every((byte, i) => byte === magic[i])) throw malformed('a slice does not begin with "PODS"');
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
