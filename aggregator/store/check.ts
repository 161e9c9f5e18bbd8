/** Verifies every block of a store, and says what a damaged one costs: itself, and nothing else. */
import { deflater } from '../../lib/deflater.ts';
import { damagedColumns } from '../../protocol/codec/slice-decode.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { columnById } from '../../protocol/metrics.ts';
import type { StoredRun } from './keys.ts';
import { LEVEL_WIDTHS_MS, levelColumns } from './level-builder.ts';
import { readLog } from './log.ts';
import type { Damage, StoreReport } from './model.ts';
import { rangeOf, SAMPLES } from './part-ranges.ts';
import { readMembers } from './runs.ts';
import type { Tables } from './tables.ts';

export function checkStore(tables: Tables, progress: (runs: number) => void = () => {}): StoreReport {
  const checker = new Checker(tables);
  for (const run of tables.runs.getRange({})) {
    checker.checkRun(run.value);
    progress(checker.report.runs);
  }
  return checker.report;
}

class Checker {
  readonly #tables: Tables;
  readonly report = {
    runs: 0,
    batches: 0,
    slices: 0,
    bytes: 0,
    damage: [] as Damage[],
  } satisfies StoreReport;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  checkRun(run: StoredRun): void {
    this.report.runs += 1;
    this.#checkLog(run);
    for (const part of run.seal.parts) {
      for (const width of [SAMPLES, ...LEVEL_WIDTHS_MS]) this.#checkSlices(run.id, part, width);
    }
    try {
      this.#tables.directories.get(run.id);
    } catch {
      this.#tell(run.id, 'The list of its processes cannot be read; its sealed samples have no names.');
    }
  }

  #checkLog(run: StoredRun): void {
    const members = readMembers(this.#tables, run.id);
    const next = members.map((_, place) => (run.seal.through[place] ?? -1) + 1);
    for (const { place, sequence, byteLength, batch } of readLog(this.#tables, run)) {
      this.report.batches += 1;
      this.report.bytes += byteLength;
      this.#tellMissing(run.id, place, next[place] ?? 0, sequence - 1);
      next[place] = sequence + 1;
      if (batch === undefined) {
        this.#tell(run.id, `Batch ${sequence} of member ${place} is damaged; its samples are left out.`);
      }
    }
    for (const [place, { lastSequence }] of members.entries()) {
      this.#tellMissing(run.id, place, next[place] ?? 0, lastSequence);
    }
  }

  #tellMissing(run: string, place: number, from: number, to: number): void {
    if (from > to) return;
    const which = from === to ? `Batch ${from}` : `Batches ${from} to ${to}`;
    this.#tell(run, `${which} of member ${place} ${from === to ? 'is' : 'are'} missing.`);
  }

  #checkSlices(id: string, part: number, widthMs: number): void {
    for (const { key, value } of this.#tables.slices.getRange(rangeOf(id, part, widthMs))) {
      this.report.slices += 1;
      this.report.bytes += value.length;
      const startMs = Number((key as unknown[]).at(-1));
      const what = widthMs === SAMPLES ? 'samples' : `level of ${widthMs / 1000} s`;
      const place = `of the ${what} from ${startMs / 1000} s on (part ${part})`;
      try {
        const damaged = damagedColumns(value, deflater).map((column) => nameOf(column, widthMs));
        for (const name of new Set(damaged)) this.#tell(id, `Column ${name} ${place} is damaged.`);
      } catch (error) {
        if (!(error instanceof PodometerError)) throw error;
        this.#tell(id, `All ${place} is damaged: ${error.message}.`);
      }
    }
  }

  #tell(run: string, message: string): void {
    this.report.damage.push({ run, message });
  }
}

/** A level has three columns for one. */
function nameOf(column: number, widthMs: number): string {
  const id = widthMs === SAMPLES ? column : Math.floor(column / levelColumns(1)[0]);
  return columnById(id)?.name ?? String(id);
}
