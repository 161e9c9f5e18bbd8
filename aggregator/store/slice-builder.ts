/**
 * Regroups the blocks of many batches into slices: all members and subjects of a stretch of time together. How long the
 * slices of a part are follows from how much it holds: a slice that is short of bytes would cost a read, a frame of every
 * column and half a page for nothing.
 */
import type { LogEntry } from './log.ts';
import { type BlockDraft, SliceGrid } from './slice-grid.ts';

/** The shortest slice holds the samples of [n × this, (n + 1) × this) ms since the start of the run. */
export const LEAST_STRETCH_MS = 300_000;

export class SliceBuilder {
  readonly #shortest = new SliceGrid(LEAST_STRETCH_MS);
  readonly #bytesASlice: number;
  #bytes = 0;

  /** `bytesASlice`: about so much of the log goes into a slice, where the shortest stretch would hold less. */
  constructor(bytesASlice: number) {
    this.#bytesASlice = bytesASlice;
  }

  add({ place, batch, offsetMs, byteLength }: LogEntry): void {
    this.#bytes += byteLength;
    for (const { ticks, ...block } of batch?.blocks ?? []) {
      const times = Array.from(ticks, (tick) => Number(batch?.ticks[tick]) + offsetMs);
      this.#shortest.add({ ...block, member: place, times });
    }
  }

  /** By the start of the slice, ms since the start of the run. */
  build(): [startMs: number, blocks: readonly BlockDraft[]][] {
    const slices = new SliceGrid(stretchOf(this.#bytes, this.#shortest.size, this.#bytesASlice));
    for (const [, blocks] of this.#shortest.take()) for (const block of blocks) slices.add(block);
    return slices.take();
  }
}

/** The shortest stretch, doubled until a slice holds enough. `shortest`: how many of the shortest hold `bytes` together. */
export function stretchOf(bytes: number, shortest: number, bytesASlice: number): number {
  const bytesOfShortest = Math.max(1, bytes / shortest);
  const joined = Math.max(1, bytesASlice / bytesOfShortest);
  return LEAST_STRETCH_MS * 2 ** Math.floor(Math.log2(joined));
}
