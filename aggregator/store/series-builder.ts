/** Joins pieces of series, as batches and slices hold them, into one series per column and subject. */
import type { SubjectKindOnWire } from '../../protocol/batch.ts';
import type { ColumnSeries, SeriesRequest, Spread } from './model.ts';

export class SeriesBuilder {
  readonly columns: ReadonlySet<number>;
  readonly meansOnly: boolean;
  readonly #subjects: ReadonlySet<string> | undefined;
  readonly #fromMs: number;
  readonly #toMs: number;
  readonly #pieces = new Map<string, ColumnSeries[]>();

  constructor({ columns, subjects, fromMs, toMs, meansOnly = false }: SeriesRequest) {
    this.columns = new Set(columns);
    this.meansOnly = meansOnly;
    this.#subjects = subjects && new Set(subjects.map((one) => keyOf(one.kind, one.member, one.index)));
    this.#fromMs = fromMs ?? Number.NEGATIVE_INFINITY;
    this.#toMs = toMs ?? Number.POSITIVE_INFINITY;
  }

  readonly wants = (subject: SubjectKindOnWire, member: number, index: number): boolean =>
    this.#subjects === undefined || this.#subjects.has(keyOf(subject, member, index));

  add(piece: ColumnSeries): void {
    const key = `${keyOf(piece.subject, piece.member, piece.index)}/${piece.column}`;
    const pieces = this.#pieces.get(key);
    if (pieces === undefined) this.#pieces.set(key, [piece]);
    else pieces.push(piece);
  }

  /**
   * By member, subject and column; times strictly increasing and within the request. A series without any sample is left
   * out.
   */
  build(): ColumnSeries[] {
    const joined = [...this.#pieces.values()].map((pieces) => this.#cut(join(pieces)));
    return joined.filter(({ times }) => times.length > 0).sort(bySubject);
  }

  #cut(series: ColumnSeries): ColumnSeries {
    const { times, values, spread } = series;
    const start = countBelow(times, (time) => time < this.#fromMs);
    const end = Math.max(
      start,
      countBelow(times, (time) => time <= this.#toMs),
    );
    const cut = (list: Float64Array) => list.subarray(start, end);
    return {
      ...series,
      times: cut(times),
      values: cut(values),
      ...(spread && { spread: { low: cut(spread.low), high: cut(spread.high) } }),
    };
  }
}

/** Pieces follow each other as a rule; where they overlap, they are merged, and of equal times the first piece's counts. */
function join(pieces: readonly ColumnSeries[]): ColumnSeries {
  const sorted = pieces.toSorted((a, b) => startOf(a) - startOf(b));
  const [first] = sorted;
  if (first === undefined) throw new RangeError('a series is joined from one piece or more');
  const times = concatenate(sorted.map((piece) => piece.times));
  const values = concatenate(sorted.map((piece) => piece.values));
  const spread = joinSpreads(sorted);
  const joined = { ...first, times, values, ...(spread && { spread }) };
  return isIncreasing(times) ? joined : inOrder(joined);
}

function isIncreasing(times: Float64Array): boolean {
  for (let i = 1; i < times.length; i++) if (!((times[i] as number) > (times[i - 1] as number))) return false;
  return true;
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

function joinSpreads(pieces: readonly ColumnSeries[]): Spread | undefined {
  if (pieces.every(({ spread }) => spread === undefined)) return undefined;
  const unknown = ({ times }: ColumnSeries) => new Float64Array(times.length).fill(Number.NaN);
  return {
    low: concatenate(pieces.map((piece) => piece.spread?.low ?? unknown(piece))),
    high: concatenate(pieces.map((piece) => piece.spread?.high ?? unknown(piece))),
  };
}

function inOrder(series: ColumnSeries): ColumnSeries {
  const { times, values, spread } = series;
  const places = new Map<number, number>();
  for (const [i, time] of times.entries()) if (!places.has(time)) places.set(time, i);
  const ordered = [...places].sort(([a], [b]) => a - b).map(([, place]) => place);
  const pick = (list: Float64Array) => Float64Array.from(ordered, (place) => Number(list[place]));
  return {
    ...series,
    times: pick(times),
    values: pick(values),
    ...(spread && { spread: { low: pick(spread.low), high: pick(spread.high) } }),
  };
}

function concatenate(lists: readonly Float64Array[]): Float64Array {
  const [only, ...others] = lists;
  if (only !== undefined && others.length === 0) return only;
  const whole = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0));
  let at = 0;
  for (const list of lists) {
    whole.set(list, at);
    at += list.length;
  }
  return whole;
}

function bySubject(a: ColumnSeries, b: ColumnSeries): number {
  const subjects = Number(a.subject > b.subject) - Number(a.subject < b.subject);
  return a.member - b.member || subjects || a.index - b.index || a.column - b.column;
}

function startOf({ times }: ColumnSeries): number {
  return times[0] ?? Number.NEGATIVE_INFINITY;
}

function keyOf(subject: SubjectKindOnWire, member: number, index: number): string {
  return `${subject}/${member}/${index}`;
}
