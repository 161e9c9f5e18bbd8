/** What a program's figures came to: of each the last, least, greatest and mean value, their number and their growth. */
import type { RunResult } from '../../protocol/results.ts';

interface Figure {
  readonly firstAtMs: number;
  readonly first: number;
  lastAtMs: number;
  last: number;
  min: number;
  max: number;
  mean: number;
  count: number;
}

/** More names than this are no longer followed: the program may make them up. */
export const MOST_FIGURES = 64;

export class OutputFigures {
  readonly #figures = new Map<string, Figure>();

  /** False where there are too many figures already. */
  note(name: string, value: number, atMs: number): boolean {
    const known = this.#figures.get(name);
    if (known !== undefined) add(known, value, atMs);
    else if (this.#figures.size === MOST_FIGURES) return false;
    else this.#figures.set(name, figureOf(value, atMs));
    return true;
  }

  results(): RunResult[] {
    return [...this.#figures].flatMap(([name, figure]) => [
      resultOf(`${name}.last`, '1', figure.last, 'mean'),
      resultOf(`${name}.min`, '1', figure.min, 'min'),
      resultOf(`${name}.max`, '1', figure.max, 'max'),
      resultOf(`${name}.mean`, '1', figure.mean, 'mean'),
      resultOf(`${name}.count`, '1', figure.count, 'sum'),
      ...rateOf(name, figure),
    ]);
  }
}

function figureOf(value: number, atMs: number): Figure {
  return {
    firstAtMs: atMs,
    first: value,
    lastAtMs: atMs,
    last: value,
    min: value,
    max: value,
    mean: value,
    count: 1,
  };
}

function add(figure: Figure, value: number, atMs: number): void {
  figure.lastAtMs = atMs;
  figure.last = value;
  figure.min = Math.min(figure.min, value);
  figure.max = Math.max(figure.max, value);
  figure.count++;
  figure.mean += value / figure.count - figure.mean / figure.count;
}

/** Growth in a second from the first value to the last: of a counter of steps, the steps per second. */
function rateOf(name: string, { first, firstAtMs, last, lastAtMs }: Figure): RunResult[] {
  const rate = ((last - first) * 1000) / (lastAtMs - firstAtMs);
  return lastAtMs > firstAtMs && Number.isFinite(rate) ? [resultOf(`${name}.rate`, '1/s', rate, 'sum')] : [];
}

function resultOf(
  name: string,
  unit: RunResult['unit'],
  value: number,
  combine: RunResult['combine'],
): RunResult {
  return { name, unit, value, better: 'neutral', combine };
}
