/**
 * Regroups the blocks of many batches into slices: all members and subjects of a stretch of time together. How long the
 * slices of a part are follows from how much it holds: a slice that is short of bytes would cost a read, a frame of every
 * column and half a page for nothing.
 */
import { MOST_ROWS } from '../../protocol/codec/block.ts';
import type { SliceBlock, SliceContent } from '../../protocol/codec/slice.ts';
import type { LogEntry } from './log.ts';

/** The shortest slice holds the samples of [n × this, (n + 1) × this) ms since the start of the run. */
const LEAST_STRETCH_MS = 300_000;

/** A block that grows, with times in ms since the start of the run in place of ticks. */
export interface BlockDraft extends Omit<SliceBlock, 'ticks'> {
  readonly times: number[];
  readonly values: number[][];
}

interface SliceDraft {
  readonly blocks: BlockDraft[];
  /** The last block of each member, subject and list of columns. */
  readonly open: Map<string, BlockDraft>;
}

export class SliceBuilder {
  readonly #slices = new Map<number, SliceDraft>();
  readonly #bytesASlice: number;
  #bytes = 0;

  /** `bytesASlice`: about so much of the log goes into a slice, where the shortest stretch would hold less. */
  constructor(bytesASlice: number) {
    this.#bytesASlice = bytesASlice;
  }

  add({ place, batch, offsetMs, byteLength }: LogEntry): void {
    this.#bytes += byteLength;
    for (const block of batch?.blocks ?? []) {
      const times = Array.from(block.ticks, (tick) => Number(batch?.ticks[tick]) + offsetMs);
      for (const [row, time] of times.entries()) {
        const draft = openBlock(
          sliceAt(this.#slices, time, LEAST_STRETCH_MS),
          { ...block, member: place },
          time,
        );
        draft.times.push(time);
        for (const [c, values] of draft.values.entries()) values.push(Number(block.values[c]?.[row]));
      }
    }
  }

  /** By the start of the slice, ms since the start of the run. */
  build(): Map<number, SliceContent> {
    const stretchMs = this.#stretchMs();
    const slices = new Map<number, SliceDraft>();
    for (const [start, { blocks }] of [...this.#slices].sort(([a], [b]) => a - b)) {
      const slice = sliceAt(slices, start, stretchMs);
      for (const block of blocks)
        append(openBlock(slice, block, Number(block.times[0]), block.times.length), block);
    }
    return new Map([...slices].map(([start, { blocks }]) => [start, sliceContent(blocks)]));
  }

  /** The shortest, doubled until a slice holds enough. */
  #stretchMs(): number {
    const bytesOfShortest = Math.max(1, this.#bytes / this.#slices.size);
    const joined = Math.max(1, this.#bytesASlice / bytesOfShortest);
    return LEAST_STRETCH_MS * 2 ** Math.floor(Math.log2(joined));
  }
}

function sliceAt(slices: Map<number, SliceDraft>, timeMs: number, stretchMs: number): SliceDraft {
  const start = Math.floor(timeMs / stretchMs) * stretchMs;
  const known = slices.get(start);
  if (known !== undefined) return known;
  const made: SliceDraft = { blocks: [], open: new Map() };
  slices.set(start, made);
  return made;
}

/** The block that `rows` rows from this time on go to. Within one, time goes forward. */
function openBlock(
  slice: SliceDraft,
  { member, subject, index, columns }: Omit<BlockDraft, 'times' | 'values'>,
  time: number,
  rows = 1,
): BlockDraft {
  const key = `${member} ${subject} ${index} ${columns.join()}`;
  const open = slice.open.get(key);
  const isRoom = open && open.times.length + rows <= MOST_ROWS;
  if (isRoom && time > (open.times.at(-1) ?? Number.NEGATIVE_INFINITY)) return open;
  const made: BlockDraft = { member, subject, index, columns, times: [], values: columns.map(() => []) };
  slice.open.set(key, made);
  slice.blocks.push(made);
  return made;
}

function append(draft: BlockDraft, { times, values }: BlockDraft): void {
  for (const time of times) draft.times.push(time);
  for (const [c, list] of values.entries()) {
    const column = draft.values[c];
    for (const value of list) column?.push(value);
  }
}

/** Lists each member's times once, and puts places in that list into the blocks. */
export function sliceContent(drafts: readonly BlockDraft[]): SliceContent {
  const ticks = timesByMember(drafts);
  const places = ticks.map((list) => new Map(list.map((time, place) => [time, place])));
  const blocks = drafts.map(({ times, ...block }) => ({
    ...block,
    ticks: times.map((time) => Number(places[block.member]?.get(time))),
  }));
  return { ticks, blocks };
}

function timesByMember(drafts: readonly BlockDraft[]): number[][] {
  const sets: Set<number>[] = [];
  for (const { member, times } of drafts) {
    while (sets.length <= member) sets.push(new Set());
    for (const time of times) sets[member]?.add(time);
  }
  return sets.map((set) => [...set].sort((a, b) => a - b));
}
