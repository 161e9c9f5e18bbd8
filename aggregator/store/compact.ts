/**
 * Sealing: a run that has ended goes from the log into slices, in steps that may be cut off anywhere.
 *
 *     1 claim    the run's next part is taken; whoever claimed before can no longer finish
 *     2 write    the part's slices, one transaction each; nobody reads them yet
 *     3 switch   in one transaction the run's record lists the part and says how far the log is in slices, and the
 *                directory takes in what those batches told
 *     4 sweep    what nothing refers to any more is deleted, little by little
 *
 * A long log takes several parts, so that memory stays bounded; many are merged (merge-parts.ts). A run may get batches
 * after it was sealed: they wait in the log, are read from there, and are the next part.
 */

import { setImmediate as pause } from 'node:timers/promises';
import { PodometerError } from '../../protocol/errors.ts';
import { claimPart, dropSlices } from './claim-part.ts';
import type { Databases } from './databases.ts';
import { DirectoryBuilder } from './directory.ts';
import type { Seal, StoredRun } from './keys.ts';
import { readLogEntry } from './log.ts';
import { PartMerger } from './merge-parts.ts';
import type { RunDirectory, RunRecord } from './model.ts';
import { type EncodedSlice, PartBuilder } from './part-builder.ts';
import { readMembers, requireRun, toRecord } from './runs.ts';
import type { Sweeper } from './sweeper.ts';
import type { Tables } from './tables.ts';
import { waitingBytes } from './waiting-bytes.ts';

interface Part {
  readonly number: number;
  readonly slices: readonly EncodedSlice[];
  readonly directory: RunDirectory;
  readonly through: readonly number[];
  readonly throughBytes: readonly number[];
}

/** Of so many members a part takes in as much as of one alone; of more, less of each. */
const MEMBERS_IN_FULL = 4;

/** So that a look at some minutes of a long run does not read all that was sealed with them. */
const LEAST_SLICES_A_PART = 2;

export class Sealer {
  readonly #databases: Databases;
  readonly #sweeper: Sweeper;
  readonly #isRunning: (record: RunRecord) => boolean;
  readonly #partBytes: number;
  readonly #merger: PartMerger;

  /** `partBytes`: how much of a member's log one part takes in; of all members together four times as much. */
  constructor(
    databases: Databases,
    sweeper: Sweeper,
    isRunning: (record: RunRecord) => boolean,
    partBytes: number,
  ) {
    this.#databases = databases;
    this.#sweeper = sweeper;
    this.#isRunning = isRunning;
    this.#partBytes = partBytes;
    this.#merger = new PartMerger(databases, partBytes / LEAST_SLICES_A_PART);
  }

  /** As Store.seal. Where another process claims the run meanwhile, the work is left to it. */
  async seal(id: string): Promise<void> {
    const tables = this.#databases.refresh();
    const record = toRecord(tables, requireRun(tables, id));
    if (this.#isRunning(record)) throw stillRuns(record);
    while (await this.#sealPart(id)) await this.#sweeper.sweep(id);
    await this.#merger.merge(id, false);
    await this.#sweeper.sweepAll();
  }

  /** As KeptStore.sealSome. */
  async sealSome(id: string, signal?: AbortSignal): Promise<boolean> {
    const tables = this.#databases.refresh();
    const run = tables.runs.get(id);
    if (run === undefined) return false;
    const isRunning = this.#isRunning(toRecord(tables, run));
    const isDue = !isRunning || this.#isLong(tables, run);
    const isChanged =
      (isDue && (await this.#sealPart(id))) || (await this.#merger.merge(id, isRunning, signal));
    if (isChanged) await this.#sweeper.sweep(id);
    return isChanged;
  }

  /** Whether the log fills a part, so that its slices are as dense as those of a run that has ended. */
  #isLong(tables: Tables, run: StoredRun): boolean {
    let bytes = 0;
    for (const own of waitingBytes(tables, run, readMembers(tables, run.id))) {
      bytes += own;
      if (own >= this.#partBytes || bytes >= MEMBERS_IN_FULL * this.#partBytes) return true;
    }
    return false;
  }

  /** Whether a part was sealed. */
  async #sealPart(id: string): Promise<boolean> {
    if (!isUnsealed(this.#databases.refresh(), id)) return false;
    const number = await this.#databases.transaction((tables) => claimPart(tables, id));
    const part = await this.#read(id, number);
    for (const { key, bytes } of part.slices) {
      this.#databases.requireRoom(bytes.length);
      await this.#databases.write(({ slices }) => slices.put(key, bytes));
    }
    const isOurs = await this.#databases.transaction((tables) => switchTo(tables, id, part));
    if (!isOurs) await dropSlices(this.#databases, part.slices);
    return isOurs;
  }

  /** Lets other work of this process go on after every batch and every column. */
  async #read(id: string, number: number): Promise<Part> {
    const tables = this.#databases.refresh();
    const run = requireRun(tables, id);
    const members = readMembers(tables, id);
    const quota = this.#partBytes * Math.min(1, MEMBERS_IN_FULL / members.length);
    const directory = new DirectoryBuilder(tables.directories.get(id));
    const part = new PartBuilder(run, number, this.#partBytes / LEAST_SLICES_A_PART);
    const through = [...run.seal.through];
    const throughBytes = [...(run.seal.throughBytes ?? [])];
    for (const [place, member] of members.entries()) {
      let sequence = through[place] ?? -1;
      let taken = 0;
      while (taken < quota && sequence < member.lastSequence) {
        sequence += 1;
        const entry = readLogEntry(this.#databases.refresh(), run, member, { place, sequence });
        if (entry === undefined) continue;
        taken += entry.byteLength;
        directory.add(entry);
        part.add(entry);
        await pause();
      }
      through[place] = sequence;
      const isWhole = sequence === member.lastSequence && member.bytes !== undefined;
      throughBytes[place] = isWhole ? member.bytes : (throughBytes[place] ?? 0) + taken;
    }
    const slices: EncodedSlice[] = [];
    for (const slice of part.build()) {
      if (slice !== undefined) slices.push(slice);
      await pause();
    }
    return { number, slices, directory: directory.build(), through, throughBytes };
  }
}

function isUnsealed(tables: Tables, id: string): boolean {
  const run = tables.runs.get(id);
  return run !== undefined && !toRecord(tables, run).sealed;
}

/** False where the run was removed, or another has claimed a part since. */
function switchTo(tables: Tables, id: string, part: Part): boolean {
  const { number, slices, directory, through, throughBytes } = part;
  const run = tables.runs.get(id);
  if (run?.seal.nextPart !== number + 1) return false;
  const seal: Seal = {
    ...run.seal,
    parts: [...run.seal.parts, number],
    nextPart: number + 1,
    through,
    throughBytes,
    bytes: addBytes(run.seal.bytes, slices),
  };
  tables.runs.put(id, { ...run, seal });
  tables.directories.put(id, directory);
  tables.sweeps.put(id, true);
  return true;
}

function addBytes(before: Seal['bytes'], slices: readonly EncodedSlice[]): NonNullable<Seal['bytes']> {
  const { samples = 0, levels = 0 } = before ?? {};
  const sizeOf = (list: readonly EncodedSlice[] = []) =>
    list.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const { level, sample } = Object.groupBy(slices, ({ isLevel }) => (isLevel ? 'level' : 'sample'));
  return { samples: samples + sizeOf(sample), levels: levels + sizeOf(level) };
}

function stillRuns({ workload, number }: RunRecord): PodometerError {
  return new PodometerError(
    'PODO_RUN_RUNNING',
    `The run ${workload.name}@${number} has not ended`,
    'Seal it when it has.',
  );
}
