/** Makes the slices of one part: the samples, and the levels beside them. */
import type { Key } from 'lmdb';
import { deflater } from '../../lib/deflater.ts';
import type { SliceContent } from '../../protocol/codec/slice.ts';
import { encodeSliceInSteps } from '../../protocol/codec/slice-encode.ts';
import { levelKey, type StoredRun, sliceKey } from './keys.ts';
import { LevelBuilder, levelWidths } from './level-builder.ts';
import type { LogEntry } from './log.ts';
import { SliceBuilder } from './slice-builder.ts';
import { sliceContent } from './slice-grid.ts';

/** A part that is shorter than so many cells has no such level: the samples, or a finer one, are small enough. */
const LEAST_CELLS = 5;
/** A run that is shorter has none either: a chart of all of it is finer than such a level. */
const LEAST_CELLS_OF_RUN = 20;
/** So many times fewer numbers than what lies below it must a level hold; that of short-lived processes hardly holds fewer. */
const LEAST_GAIN = 2;

export interface EncodedSlice {
  readonly key: Key;
  readonly bytes: Uint8Array;
  /** Of a level, or of the samples themselves. */
  readonly isLevel: boolean;
}

export class PartBuilder {
  readonly #run: string;
  readonly #part: number;
  readonly #samples: SliceBuilder;
  /** ms since the start of the run. */
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;
  readonly #levels: readonly { readonly widthMs: number; readonly builder: LevelBuilder }[];

  constructor({ id, intervalMs }: Pick<StoredRun, 'id' | 'intervalMs'>, part: number, bytesASlice: number) {
    this.#run = id;
    this.#part = part;
    this.#samples = new SliceBuilder(bytesASlice);
    this.#levels = levelWidths(intervalMs).map((widthMs) => ({
      widthMs,
      builder: new LevelBuilder(widthMs),
    }));
  }

  /** Entries of one member must come in the order of their sequence. */
  add(entry: LogEntry): void {
    for (const tick of entry.batch?.ticks ?? []) {
      this.#firstMs = Math.min(this.#firstMs, tick + entry.offsetMs);
      this.#lastMs = Math.max(this.#lastMs, tick + entry.offsetMs);
    }
    this.#samples.add(entry);
    for (const { builder } of this.#levels) builder.add(entry);
  }

  /** One slice after the other, and `undefined` where a caller may turn to other things for a moment. */
  *build(): Generator<EncodedSlice | undefined> {
    let numbersBelow = 0;
    for (const [start, blocks] of this.#samples.build()) {
      const content = sliceContent(blocks);
      numbersBelow += numbersIn(content);
      const bytes = yield* encodeSliceInSteps(content, deflater);
      yield { key: sliceKey(this.#run, this.#part, start), bytes, isLevel: false };
    }
    for (const { widthMs, builder } of this.#levels) {
      if (this.#lastMs - this.#firstMs < LEAST_CELLS * widthMs) continue;
      if (this.#lastMs < LEAST_CELLS_OF_RUN * widthMs) continue;
      const level = [...builder.finish()].map(([start, drafts]) => ({
        start,
        content: sliceContent(drafts),
      }));
      const numbers = level.reduce((sum, { content }) => sum + numbersIn(content), 0);
      if (numbers * LEAST_GAIN > numbersBelow) continue;
      numbersBelow = numbers;
      for (const { start, content } of level) {
        const bytes = yield* encodeSliceInSteps(content, deflater);
        yield { key: levelKey(this.#run, widthMs, this.#part, start), bytes, isLevel: true };
      }
    }
  }
}

function numbersIn({ blocks }: SliceContent): number {
  return blocks.reduce((sum, { ticks, columns }) => sum + ticks.length * columns.length, 0);
}
