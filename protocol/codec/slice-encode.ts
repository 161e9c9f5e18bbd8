/** Writes a slice in the format that slice.ts describes. */
import { encodeBlockHead } from './block.ts';
import { encodeColumn } from './column.ts';
import { crc32 } from './crc32.ts';
import { type Deflater, pack } from './deflater.ts';
import { DIRECTORY, SLICE_MAGIC, SLICE_VERSION, type SliceBlock, type SliceContent } from './slice.ts';
import { ByteWriter } from './varint.ts';

/** Up to this, a column stands in the directory. */
const SMALL_BYTES = 256;

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
  out.append(SLICE_MAGIC);
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

function writeFrame(out: ByteWriter, id: number, bytes: Uint8Array, deflater: Deflater): void {
  const { length, stored } = pack(bytes, deflater);
  out.varint(id);
  out.varint(length);
  out.varint(stored.length);
  out.uint32(crc32(stored));
  out.append(stored);
}
