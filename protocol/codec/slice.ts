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
import type { Block } from '../batch.ts';

export const SLICE_MAGIC = Uint8Array.of(0x50, 0x4f, 0x44, 0x53);
export const SLICE_VERSION = 1;
/** The id of frame 0. */
export const DIRECTORY = 0;

/** Rows of one subject of one member; `ticks` are places in the member's list. */
export interface SliceBlock extends Block {
  readonly member: number;
}

export interface SliceContent {
  /** Per member: its ticks, ms since the start of the run, strictly increasing. */
  readonly ticks: readonly (readonly number[])[];
  readonly blocks: readonly SliceBlock[];
}
