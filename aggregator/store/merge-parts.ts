/**
 * Merging: the many parts of a long run become one, so that a chart of all of it reads few long blocks in place of very
 * many short ones. In steps that may be cut off anywhere, as sealing:
 *
 *     1 claim    the run's next part is taken; whoever claimed before can no longer finish
 *     2 write    the slices of the part, one after the other; nobody reads them yet
 *     3 switch   in one transaction the run's record lists the part in place of those that it was made from
 *     4 sweep    these are deleted, little by little
 *
 * Of samples, and of each level, about a slice is in memory at a time.
 */
import { setImmediate as pause } from 'node:timers/promises';
import type { Key } from 'lmdb';
import { deflater } from '../../lib/deflater.ts';
import { encodeSliceInSteps } from '../../protocol/codec/slice-encode.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { claimPart, dropSlices } from './claim-part.ts';
import type { Databases } from './databases.ts';
import { bytesIn, footprintOf } from './footprint.ts';
import { levelKey, type StoredRun, sliceKey } from './keys.ts';
import { levelStretch } from './level-builder.ts';
import { levelsOfMost, sourcesOf } from './merge-sources.ts';
import { levelsOf, SAMPLES, samplesOf } from './part-ranges.ts';
import { partsToMerge } from './parts-to-merge.ts';
import { LEAST_STRETCH_MS, stretchOf } from './slice-builder.ts';
import { type BlockDraft, SliceGrid, sliceContent } from './slice-grid.ts';
import type { Tables } from './tables.ts';

interface Bytes {
  readonly samples: number;
  readonly levels: number;
}

/** A merge as it goes on. */
interface Merge {
  readonly id: string;
  readonly parts: readonly number[];
  readonly before: Bytes;
  readonly number: number;
  readonly written: { readonly key: Key; readonly widthMs: number; readonly bytes: number }[];
  readonly signal: AbortSignal | undefined;
}

export class PartMerger {
  readonly #databases: Databases;
  readonly #bytesASlice: number;
  /** Of which something is damaged: they stay as they are. */
  readonly #unfit = new Set<string>();

  constructor(databases: Databases, bytesASlice: number) {
    this.#databases = databases;
    this.#bytesASlice = bytesASlice;
  }

  /**
   * Whether there were enough parts, and room for another copy of them. Where another process claims the run meanwhile, or
   * `signal` is aborted, everything stays as it is.
   */
  async merge(id: string, isRunning: boolean, signal?: AbortSignal): Promise<boolean> {
    const tables = this.#databases.refresh();
    const run = tables.runs.get(id);
    const parts = run ? partsToMerge(run.seal, isRunning) : [];
    if (run === undefined || parts.length === 0 || this.#unfit.has(id)) return false;
    const { samples, levels } = footprintOf(tables, run);
    if (!this.#databases.hasRoom(samples + levels)) return false;
    const before = await this.#bytesOf(id, parts);
    const widths = [SAMPLES, ...levelsOfMost(this.#databases.refresh(), id, parts)];
    const number = await this.#databases.transaction((all) => claimPart(all, id));
    return this.#finish({ id, parts, before, number, written: [], signal }, widths);
  }

  async #bytesOf(id: string, parts: readonly number[]): Promise<Bytes> {
    const bytes = { samples: 0, levels: 0 };
    for (const part of parts) {
      const { slices } = this.#databases.refresh();
      bytes.samples += bytesIn(slices, [samplesOf(id, part)]);
      bytes.levels += bytesIn(slices, levelsOf(id, part));
      await pause();
    }
    return bytes;
  }

  async #finish(merge: Merge, widths: readonly number[]): Promise<boolean> {
    const { id, signal, written } = merge;
    let isDone = false;
    try {
      for (const widthMs of widths) await this.#writeAll(merge, widthMs);
      isDone = !signal?.aborted && (await this.#databases.transaction((tables) => switchTo(tables, merge)));
    } catch (error) {
      const isDamaged = error instanceof PodometerError && error.code === 'PODO_BATCH_MALFORMED';
      if (!isDamaged) throw error;
      this.#unfit.add(id);
    } finally {
      if (!isDone) await dropSlices(this.#databases, written);
    }
    return isDone;
  }

  async #writeAll(merge: Merge, widthMs: number): Promise<void> {
    const { id, parts, before, signal } = merge;
    const sources = sourcesOf(() => this.#databases.refresh(), { id, parts, widthMs });
    const grid = new SliceGrid(
      widthMs === SAMPLES ? sampleStretch(sources, before.samples, this.#bytesASlice) : levelStretch(widthMs),
    );
    for (const { startMs, read } of sources) {
      if (signal?.aborted) return;
      await this.#write(merge, widthMs, grid.take(startMs));
      for (const block of read()) grid.add(block);
      await pause();
    }
    await this.#write(merge, widthMs, grid.take());
  }

  async #write(
    { id, number, written }: Merge,
    widthMs: number,
    slices: readonly [startMs: number, blocks: readonly BlockDraft[]][],
  ): Promise<void> {
    for (const [startMs, blocks] of slices) {
      const key =
        widthMs === SAMPLES ? sliceKey(id, number, startMs) : levelKey(id, widthMs, number, startMs);
      const bytes = await encoded(blocks);
      this.#databases.requireRoom(bytes.length);
      await this.#databases.write((tables) => tables.slices.put(key, bytes));
      written.push({ key, widthMs, bytes: bytes.length });
    }
  }
}

/** Lets other work of this process go on after every column. */
async function encoded(blocks: readonly BlockDraft[]): Promise<Uint8Array> {
  const steps = encodeSliceInSteps(sliceContent(blocks), deflater);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await pause();
  }
}

/** As if what was sealed apart were sealed at once. */
function sampleStretch(
  sources: readonly { readonly startMs: number }[],
  bytes: number,
  bytesASlice: number,
): number {
  const spanMs = Number(sources.at(-1)?.startMs) - Number(sources[0]?.startMs);
  return stretchOf(bytes, 1 + spanMs / LEAST_STRETCH_MS, bytesASlice);
}

/** False where another process has changed the run's parts since, or what is kept of them. */
function switchTo(tables: Tables, { id, parts, before, number, written }: Merge): boolean {
  const run = tables.runs.get(id);
  if (run?.seal.nextPart !== number + 1 || !parts.every((part) => isWhole(run, part))) return false;
  const { bytes, ...seal } = run.seal;
  const sizes = Object.groupBy(written, ({ widthMs }) => (widthMs === SAMPLES ? 'samples' : 'levels'));
  const added = (what: keyof Bytes): number => (sizes[what] ?? []).reduce((sum, one) => sum + one.bytes, 0);
  tables.runs.put(id, {
    ...run,
    seal: {
      ...seal,
      parts: [...seal.parts.filter((part) => !parts.includes(part)), number],
      mergedThrough: number,
      ...(bytes && {
        bytes: {
          samples: bytes.samples - before.samples + added('samples'),
          levels: bytes.levels - before.levels + added('levels'),
        },
      }),
    },
  });
  tables.sweeps.put(id, true);
  return true;
}

function isWhole({ seal: { parts, samplesFrom = 0 } }: StoredRun, part: number): boolean {
  return part >= samplesFrom && parts.includes(part);
}
