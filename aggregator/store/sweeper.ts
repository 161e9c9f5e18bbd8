/**
 * Deletes what nothing refers to any more: of removed runs everything, of sealed ones the log and parts cut off, of thinned ones
 * what was given up, and drafts of runs that were never finished.
 */
import type { Database, Key } from 'lmdb';
import { systemClock } from '../../lib/clock.ts';
import type { Databases } from './databases.ts';
import { DRAFT_PATIENCE_MS, type KeyRange, logRange, runRange, type StoredRun } from './keys.ts';
import { hasLevel, levelsOf, samplesOf } from './part-ranges.ts';
import type { Tables } from './tables.ts';

/** Entries of one transaction: few enough that other writers wait for some ms only. */
const MOST_AT_ONCE = 500;

export class Sweeper {
  readonly #databases: Databases;
  readonly #wallMs: () => number;

  constructor(databases: Databases, wallMs: () => number = () => systemClock.wallMs()) {
    this.#databases = databases;
    this.#wallMs = wallMs;
  }

  /** Every run that is marked, also those that a process left when it was killed; not a draft that somebody works on. */
  async sweepAll(): Promise<void> {
    for (const { key, value } of [...this.#databases.refresh().sweeps.getRange({})]) {
      const isWorkedOn = value !== true && Math.abs(this.#wallMs() - value.atMs) < DRAFT_PATIENCE_MS;
      if (!isWorkedOn) await this.sweep(key);
    }
  }

  /** Also a draft: whoever works on it loses it. */
  async sweep(id: string): Promise<void> {
    while (await this.#databases.transaction((tables) => deleteSome(tables, id)));
  }
}

/** Whether there is more to delete. What is of no use is found and deleted in one transaction. */
function deleteSome(tables: Tables, id: string): boolean {
  const run = tables.runs.get(id);
  tables.sweeps.put(id, true);
  let room = MOST_AT_ONCE;
  for (const range of uselessLog(id, run)) room -= removeKeys(tables.log, range, room);
  for (const range of uselessSlices(tables, id, run)) room -= removeKeys(tables.slices, range, room);
  if (room === 0) return true;
  if (run === undefined) tables.directories.remove(id);
  tables.sweeps.remove(id);
  return false;
}

function uselessLog(id: string, run: StoredRun | undefined): KeyRange[] {
  if (run === undefined) return [runRange(id)];
  return run.seal.through.map((sequence, place) => logRange(id, place, 0, sequence));
}

/** A part that is not listed and lower than one that is can never be switched to. Listed ones may have been thinned. */
function uselessSlices(tables: Tables, id: string, run: StoredRun | undefined): KeyRange[] {
  if (run === undefined) return [runRange(id)];
  const { parts, samplesFrom = 0, levelsFrom = 0 } = run.seal;
  const counts = new Set(parts);
  return Array.from({ length: (parts.at(-1) ?? -1) + 1 }, (_, part) => part).flatMap((part) => {
    if (!counts.has(part) || part < levelsFrom) return [samplesOf(id, part), ...levelsOf(id, part)];
    return part < samplesFrom && hasLevel(tables, id, part) ? [samplesOf(id, part)] : [];
  });
}

/** How many entries were removed. */
function removeKeys<V>(table: Database<V, Key>, range: KeyRange, limit: number): number {
  const keys = [...table.getKeys({ ...range, limit })];
  for (const key of keys) table.remove(key);
  return keys.length;
}
