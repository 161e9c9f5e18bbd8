/** Regroups the blocks of many batches into slices: all members and subjects of 300 s together. */
import type { Block } from '../../protocol/batch.ts';
import { MOST_ROWS } from '../../protocol/codec/block.ts';
import type { SliceBlock, SliceContent } from '../../protocol/codec/slice.ts';
import { sliceStart } from './blocks.ts';
import type { LogEntry } from './log.ts';

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

  add({ place, batch, offsetMs }: LogEntry): void {
    for (const block of batch?.blocks ?? []) {
      const times = Array.from(block.ticks, (tick) => Number(batch?.ticks[tick]) + offsetMs);
      for (const [row, time] of times.entries()) {
        const draft = openBlock(this.#slice(sliceStart(time)), place, block, time);
        draft.times.push(time);
        for (const [c, values] of draft.values.entries()) values.push(Number(block.values[c]?.[row]));
      }
    }
  }

  /** By the start of the slice, ms since the start of the run. */
  build(): Map<number, SliceContent> {
    return new Map([...this.#slices].map(([start, { blocks }]) => [start, sliceContent(blocks)]));
  }

  #slice(start: number): SliceDraft {
    const known = this.#slices.get(start);
    if (known !== undefined) return known;
    const made: SliceDraft = { blocks: [], open: new Map() };
    this.#slices.set(start, made);
    return made;
  }
}

/** The block that a row of this time goes to. Within one, time goes forward. */
function openBlock(slice: SliceDraft, member: number, block: Block, time: number): BlockDraft {
  const { subject, index, columns } = block;
  const key = `${member} ${subject} ${index} ${columns.join()}`;
  const open = slice.open.get(key);
  if (open && open.times.length < MOST_ROWS && time > (open.times.at(-1) ?? Number.NEGATIVE_INFINITY))
    return open;
  const made: BlockDraft = { member, subject, index, columns, times: [], values: columns.map(() => []) };
  slice.open.set(key, made);
  slice.blocks.push(made);
  return made;
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
