/** Joins pieces of series, as batches and slices hold them, into one series per column and subject. */
import type { SubjectKindOnWire } from '../../protocol/batch.ts';
import type { ColumnSeries, SeriesRequest, Spread } from './model.ts';
import { TimeLine } from './time-line.ts';

type Subject = Pick<ColumnSeries, 'subject' | 'member' | 'index'>;

type Piece = Pick<ColumnSeries, 'column' | 'times' | 'values' | 'spread'>;

interface Pieces {
  readonly of: Subject;
  readonly byColumn: Map<number, Piece[]>;
}

export class SeriesBuilder {
  /** Each once. */
  readonly columns: readonly number[];
  readonly meansOnly: boolean;
  readonly #subjects: ReadonlySet<string> | undefined;
  readonly #stretch: readonly [fromMs: number, toMs: number];
  readonly #found = new Map<string, Pieces>();

  constructor({ columns, subjects, fromMs, toMs, meansOnly = false }: SeriesRequest) {
    this.columns = [...new Set(columns)];
    this.meansOnly = meansOnly;
    this.#subjects = subjects && new Set(subjects.map((one) => keyOf(one.kind, one.member, one.index)));
    this.#stretch = [fromMs ?? Number.NEGATIVE_INFINITY, toMs ?? Number.POSITIVE_INFINITY];
  }

  readonly wants = (subject: SubjectKindOnWire, member: number, index: number): boolean =>
    this.#subjects === undefined || this.#subjects.has(keyOf(subject, member, index));

  add({ subject, member, index }: Subject, piece: Piece): void {
    const key = keyOf(subject, member, index);
    const found = this.#found.get(key) ?? { of: { subject, member, index }, byColumn: new Map() };
    if (found.byColumn.size === 0) this.#found.set(key, found);
    const pieces = found.byColumn.get(piece.column);
    if (pieces === undefined) found.byColumn.set(piece.column, [piece]);
    else pieces.push(piece);
  }

  /**
   * By member, subject and column; times strictly increasing and within the request. A series without any sample is left
   * out.
   */
  build(): ColumnSeries[] {
    const series = [...this.#found.values()].flatMap((pieces) => this.#join(pieces));
    return series.sort(bySubject);
  }

  /** Columns that were read together have their times in common. */
  #join({ of, byColumn }: Pieces): ColumnSeries[] {
    let line: TimeLine | undefined;
    const series: ColumnSeries[] = [];
    for (const [column, pieces] of byColumn) {
      if (!line?.isOf(pieces)) line = new TimeLine(pieces, ...this.#stretch);
      if (line.times.length === 0) continue;
      const values = line.join(pieces.map((piece) => piece.values));
      const spread = joinSpreads(pieces, line);
      series.push({ ...of, column, times: line.times, values, ...(spread && { spread }) });
    }
    return series;
  }
}

function joinSpreads(pieces: readonly Piece[], line: TimeLine): Spread | undefined {
  if (pieces.every(({ spread }) => spread === undefined)) return undefined;
  const unknown = ({ times }: Piece) => new Float64Array(times.length).fill(Number.NaN);
  return {
    low: line.join(pieces.map((piece) => piece.spread?.low ?? unknown(piece))),
    high: line.join(pieces.map((piece) => piece.spread?.high ?? unknown(piece))),
  };
}

function bySubject(a: ColumnSeries, b: ColumnSeries): number {
  const subjects = Number(a.subject > b.subject) - Number(a.subject < b.subject);
  return a.member - b.member || subjects || a.index - b.index || a.column - b.column;
}

function keyOf(subject: SubjectKindOnWire, member: number, index: number): string {
  return `${subject}/${member}/${index}`;
}
