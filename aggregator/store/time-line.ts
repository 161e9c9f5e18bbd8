/** The times of pieces of series, joined into one line. */

interface Timed {
  readonly times: Float64Array;
}

/**
 * Pieces follow each other as a rule; where they overlap, they are merged, and of equal times the first piece's counts. What lies
 * outside a stretch is cut off.
 */
export class TimeLine {
  /** Strictly increasing. */
  readonly times: Float64Array;
  readonly #sources: readonly Float64Array[];
  /** The places of the pieces in the order of their first times. */
  readonly #order: readonly number[];
  /** The rows that count, of those of all pieces in a row; undefined: all, as they stand. */
  readonly #rows: readonly number[] | undefined;
  readonly #start: number;
  readonly #end: number;

  constructor(pieces: readonly Timed[], fromMs: number, toMs: number) {
    this.#sources = pieces.map(({ times }) => times);
    this.#order = orderOf(this.#sources);
    const times = this.#concatenate(this.#sources);
    this.#rows = isIncreasing(times) ? undefined : risingRows(times);
    const rising = this.#picked(times);
    this.#start = countBelow(rising, (time) => time < fromMs);
    this.#end = Math.max(
      this.#start,
      countBelow(rising, (time) => time <= toMs),
    );
    this.times = rising.subarray(this.#start, this.#end);
  }

  /** Whether the times of these pieces are the very same lists. */
  isOf(pieces: readonly Timed[]): boolean {
    const sources = this.#sources;
    return pieces.length === sources.length && pieces.every(({ times }, i) => times === sources[i]);
  }

  /** One list for each piece, with an entry for each of its times. */
  join(lists: readonly Float64Array[]): Float64Array {
    return this.#picked(this.#concatenate(lists)).subarray(this.#start, this.#end);
  }

  #concatenate(lists: readonly Float64Array[]): Float64Array {
    const [only] = lists;
    if (only !== undefined && lists.length === 1) return only;
    const whole = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0));
    let at = 0;
    for (const place of this.#order) {
      const list = lists[place] as Float64Array;
      // Most are short: to copy them by `set` takes twice as long.
      for (let i = 0; i < list.length; i++) whole[at++] = list[i] as number;
    }
    return whole;
  }

  #picked(list: Float64Array): Float64Array {
    return this.#rows === undefined ? list : Float64Array.from(this.#rows, (row) => Number(list[row]));
  }
}

function orderOf(lists: readonly Float64Array[]): number[] {
  const start = (place: number): number => lists[place]?.[0] ?? Number.NEGATIVE_INFINITY;
  return Array.from(lists, (_, place) => place).sort((a, b) => start(a) - start(b));
}

function isIncreasing(times: Float64Array): boolean {
  for (let i = 1; i < times.length; i++) if (!((times[i] as number) > (times[i - 1] as number))) return false;
  return true;
}

function risingRows(times: Float64Array): number[] {
  const rows = new Map<number, number>();
  for (const [row, time] of times.entries()) if (!rows.has(time)) rows.set(time, row);
  return [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);
}

/** How many of the times, which rise, pass; they are the first ones. By halving. */
function countBelow(times: Float64Array, passes: (time: number) => boolean): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(times[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
