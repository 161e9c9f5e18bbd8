/** Where the figures of a program come together, however it tells them: bounded, and handed on to the run. */
import { MOST_RESULTS } from '../../protocol/limits.ts';
import type { RunResult } from '../../protocol/results.ts';
import { OutputFigures } from './output-figures.ts';
import type { OutputSeries } from './output-series.ts';

const MOST_LINES_A_SECOND = 20_000;
const RESULTS_EVERY_MS = 1000;

export class FigureIntake {
  readonly #monotonicMs: () => number;
  readonly #figures = new OutputFigures();
  readonly #reported = new Map<string, RunResult>();
  readonly #series: OutputSeries;
  #lastResultsMs = 0;
  #secondStartMs = 0;
  #linesOfSecond = 0;

  constructor(series: OutputSeries, monotonicMs: () => number) {
    this.#series = series;
    this.#monotonicMs = monotonicMs;
  }

  /** To be asked once for each line: false where so many came that this one is not to be looked at. */
  mayLook(): boolean {
    const nowMs = this.#monotonicMs();
    if (nowMs - this.#secondStartMs >= 1000) {
      this.#secondStartMs = nowMs;
      this.#linesOfSecond = 0;
    }
    return this.#linesOfSecond++ < MOST_LINES_A_SECOND;
  }

  /** `text`: the value as the program wrote it; anything but a finite number is passed over. */
  note(name: string, text: string): void {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    const nowMs = this.#monotonicMs();
    if (!Number.isFinite(value) || !this.#figures.note(name, value, nowMs)) return;
    this.#series.note(name, value);
    if (nowMs - this.#lastResultsMs < RESULTS_EVERY_MS) return;
    this.#lastResultsMs = nowMs;
    this.#series.results(this.results());
  }

  /** A result that the program has reckoned itself; the last of a name wins. */
  report(result: RunResult): void {
    if (this.#reported.size < MOST_RESULTS || this.#reported.has(result.name)) {
      this.#reported.set(result.name, result);
    }
  }

  /** All so far. */
  results(): RunResult[] {
    return [...this.#reported.values(), ...this.#figures.results()];
  }
}
