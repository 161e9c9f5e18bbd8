/** Blocks sorted into the slices that their rows lie in, each block as long as it can be. */
import type { SubjectKindOnWire } from '../../protocol/batch.ts';
import { MOST_ROWS } from '../../protocol/codec/block.ts';
import type { SliceBlock, SliceContent } from '../../protocol/codec/slice.ts';

/** Rows of one subject, with times in ms since the start of the run. */
export interface TimedBlock {
  readonly member: number;
  readonly subject: SubjectKindOnWire;
  readonly index: number;
  readonly columns: readonly number[];
  readonly times: ArrayLike<number>;
  /** By column. */
  readonly values: readonly ArrayLike<number>[];
}

/** A block that grows. */
export interface BlockDraft extends Omit<SliceBlock, 'ticks'> {
  readonly times: number[];
  readonly values: number[][];
}

interface SliceDraft {
  readonly blocks: BlockDraft[];
  /** The last block of each member, subject and list of columns. */
  readonly open: Map<string, BlockDraft>;
}

export class SliceGrid {
  readonly #stretchMs: number;
  readonly #slices = new Map<number, SliceDraft>();

  /** A slice holds the rows of [n × stretchMs, (n + 1) × stretchMs). */
  constructor(stretchMs: number) {
    this.#stretchMs = stretchMs;
  }

  /** How many slices there is something in. */
  get size(): number {
    return this.#slices.size;
  }

  add(block: TimedBlock): void {
    const { times } = block;
    const key = `${block.member} ${block.subject} ${block.index} ${block.columns.join()}`;
    for (let from = 0; from < times.length; ) {
      const start = this.#startOf(times[from] as number);
      const to = endOfPiece(times, from, start + this.#stretchMs);
      appendRows(openBlock(this.#sliceAt(start), key, block, from, to), block, from, to);
      from = to;
    }
  }

  /** Takes out the slices that end by `beforeMs`, in the order of their starts. */
  take(beforeMs = Number.POSITIVE_INFINITY): [startMs: number, blocks: readonly BlockDraft[]][] {
    const starts = [...this.#slices.keys()].filter((start) => start + this.#stretchMs <= beforeMs);
    return starts
      .sort((a, b) => a - b)
      .map((start) => {
        const blocks = this.#sliceAt(start).blocks;
        this.#slices.delete(start);
        return [start, blocks];
      });
  }

  #startOf(timeMs: number): number {
    return Math.floor(timeMs / this.#stretchMs) * this.#stretchMs;
  }

  #sliceAt(start: number): SliceDraft {
    const known = this.#slices.get(start);
    if (known !== undefined) return known;
    const made: SliceDraft = { blocks: [], open: new Map() };
    this.#slices.set(start, made);
    return made;
  }
}

/** Up to where the rows lie in one slice and time goes forward. */
function endOfPiece(times: ArrayLike<number>, from: number, endMs: number): number {
  let to = from + 1;
  while (
    to < times.length &&
    (times[to] as number) < endMs &&
    (times[to] as number) > (times[to - 1] as number)
  )
    to++;
  return to;
}

/** The block that these rows go to. Within one, time goes forward. */
function openBlock(
  slice: SliceDraft,
  key: string,
  { member, subject, index, columns, times }: TimedBlock,
  from: number,
  to: number,
): BlockDraft {
  const open = slice.open.get(key);
  const hasRoom = open && open.times.length + to - from <= MOST_ROWS;
  if (hasRoom && (times[from] as number) > (open.times.at(-1) ?? Number.NEGATIVE_INFINITY)) return open;
  const made: BlockDraft = { member, subject, index, columns, times: [], values: columns.map(() => []) };
  slice.open.set(key, made);
  slice.blocks.push(made);
  return made;
}

function appendRows(draft: BlockDraft, { times, values }: TimedBlock, from: number, to: number): void {
  for (let row = from; row < to; row++) draft.times.push(times[row] as number);
  for (const [c, list] of draft.values.entries()) {
    const added = values[c] as ArrayLike<number>;
    for (let row = from; row < to; row++) list.push(added[row] as number);
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
