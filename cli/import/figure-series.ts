/** One series of figures: what a first reading of all its values tells, and its values on their way into a history. */
import { MOST_DECIMALS } from '../../protocol/codec/batch-format.ts';

/** Larger integers would not fit where the history keeps thousandths of them. */
const LARGEST_STORED = 9e12;

export class FigureSeries {
  readonly name: string;
  readonly index: number;
  #places = 0;
  #largest = 0;
  #firstMs = Number.NaN;
  #lastMs = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(name: string, index: number) {
    this.name = name;
    this.index = index;
  }

  /** False where the value is not later than the one before. */
  survey(atMs: number, value: number): boolean {
    if (atMs <= this.#lastMs) return false;
    if (this.#count === 0) this.#firstMs = atMs;
    this.#lastMs = atMs;
    this.#count += 1;
    this.#places = Math.max(this.#places, decimalPlaces(value));
    this.#largest = Math.max(this.#largest, Math.abs(value));
    return true;
  }

  get count(): number {
    return this.#count;
  }

  /** Between its values; NaN where it has one alone. */
  get meanGapMs(): number {
    return (this.#lastMs - this.#firstMs) / (this.#count - 1);
  }

  /** As many as its values have, and as fit: 12 significant digits of the largest at least. */
  get decimals(): number {
    const most = this.#largest === 0 ? 0 : Math.floor(Math.log10(LARGEST_STORED / this.#largest));
    return Math.max(-MOST_DECIMALS, Math.min(MOST_DECIMALS, this.#places, most));
  }
}

/** Decimals of the shortest text that is this number. */
function decimalPlaces(value: number): number {
  if (Number.isInteger(value)) return 0;
  const [digits = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(exponent));
}

/** As it is stored: never negative zero, which is no integer of the wire's. */
export function storedFigure(value: number, decimals: number): number {
  const scaled = decimals < 0 ? value / 10 ** -decimals : value * 10 ** decimals;
  return Math.round(scaled) + 0;
}
