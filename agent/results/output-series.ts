/**
 * The series of figures that the measured program tells: each a subject of its own, with one value for each interval at
 * most (the first of the interval; the last of all is always there).
 *
 * Series hold integers. The first value of a figure decides how many decimals are kept: nine significant digits. Where a
 * later one is too large for that, a further subject of the same name goes on with fewer decimals.
 */
import { MOST_DECIMALS } from '../../protocol/codec/batch-format.ts';
import { outputColumns } from '../../protocol/metrics.ts';
import type { RunResult } from '../../protocol/results.ts';
import type { Recorder } from '../recorder.ts';
import type { Rows } from '../rows.ts';

const COLUMNS = outputColumns.map(({ id }) => id);
const DIGITS = 9;
/** Of a figure that begins with zero, which tells nothing of its size. */
const DECIMALS_OF_ZERO = 6;
/** A figure that leaves its range more often is not followed further. */
const MOST_RANGES = 8;

interface Line {
  readonly decimals: number;
  readonly rows: Rows;
  readonly range: number;
  keptAtMs: number;
  /** The last value, where it was not kept. */
  pending: number | undefined;
}

export class OutputSeries {
  readonly #recorder: Recorder;
  readonly #nowMs: () => number;
  readonly #intervalMs: number;
  readonly #lines = new Map<string, Line>();
  #count = 0;

  /** `nowMs`: ms since the start of the run. */
  constructor(recorder: Recorder, nowMs: () => number, intervalMs: number) {
    this.#recorder = recorder;
    this.#nowMs = nowMs;
    this.#intervalMs = intervalMs;
  }

  /** Takes a finite value that the program has just told. */
  note(name: string, value: number): void {
    const line = this.#lines.get(name) ?? this.#open(name, value, 0);
    if (this.#nowMs() - line.keptAtMs < this.#intervalMs) line.pending = value;
    else this.#keep(name, line, value);
  }

  /** The results so far, or the final ones; they replace those given before. */
  results(results: readonly RunResult[]): void {
    this.#recorder.results(results);
  }

  /** Keeps the last value of each figure. To be called before the last batch is sent. */
  finish(): void {
    for (const [name, line] of this.#lines) {
      if (line.pending !== undefined) this.#keep(name, line, line.pending);
    }
  }

  #keep(name: string, line: Line, value: number): void {
    const stored = Math.round(value * 10 ** line.decimals);
    if (Number.isSafeInteger(stored)) {
      this.#append(line, stored);
      return;
    }
    const next = this.#widen(name, line, value);
    if (next !== undefined) this.#append(next, Math.round(value * 10 ** next.decimals));
  }

  #append(line: Line, stored: number): void {
    const nowMs = this.#nowMs();
    // Negative zero is no integer of the wire's.
    line.rows.next[0] = stored + 0;
    line.rows.append(this.#recorder.tick(nowMs));
    line.keptAtMs = nowMs;
    line.pending = undefined;
  }

  #widen(name: string, line: Line, value: number): Line | undefined {
    if (line.range + 1 === MOST_RANGES) return undefined;
    this.#recorder.closeRows(line.rows);
    return this.#open(name, value, line.range + 1);
  }

  #open(name: string, value: number, range: number): Line {
    const index = this.#count++;
    const decimals = decimalsFor(value);
    this.#recorder.output({ index, name, decimals });
    const rows = this.#recorder.openRows('output', index, COLUMNS);
    const line = { decimals, rows, range, keptAtMs: Number.NEGATIVE_INFINITY, pending: undefined };
    this.#lines.set(name, line);
    return line;
  }
}

function decimalsFor(value: number): number {
  if (value === 0) return DECIMALS_OF_ZERO;
  return Math.min(MOST_DECIMALS, DIGITS - 1 - Math.floor(Math.log10(Math.abs(value))));
}
