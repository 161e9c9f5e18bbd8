/**
 * The rows that one probe has taken of one subject since the last batch: a fixed list of columns, NaN where a column
 * could not be read. A block holds no absent values, so rows in which other columns are absent end up in blocks of
 * their own.
 */
import type { Block, SubjectKindOnWire } from '../protocol/batch.ts';

const FIRST_CAPACITY = 16;

export class Rows {
  readonly subject: SubjectKindOnWire;
  readonly index: number;
  /** Column ids, strictly increasing. */
  readonly columns: readonly number[];
  /** Where a probe puts the next row's values, in the order of `columns`, before `append`. */
  readonly next: Float64Array;
  #ticks = new Uint32Array(FIRST_CAPACITY);
  #values: Float64Array;
  /** The row that was kept last, in whichever batch. */
  readonly #last: Float64Array;
  #count = 0;

  constructor(subject: SubjectKindOnWire, index: number, columns: readonly number[]) {
    this.subject = subject;
    this.index = index;
    this.columns = columns;
    this.next = new Float64Array(columns.length).fill(Number.NaN);
    this.#last = this.next.slice();
    this.#values = new Float64Array(FIRST_CAPACITY * columns.length);
  }

  get count(): number {
    return this.#count;
  }

  /** Whether `next` holds a value that the row before does not. */
  get hasMoved(): boolean {
    return this.next.some((value, c) => !Number.isNaN(value) && value !== this.#last[c]);
  }

  /** Keeps `next` as the row of this tick and clears it. A second row of the same tick replaces the first. */
  append(tick: number): void {
    this.#last.set(this.next);
    this.discard();
    this.repeat(tick);
  }

  /** Keeps the row before as the row of this tick, too. */
  repeat(tick: number): void {
    if (this.#count > 0 && this.#ticks[this.#count - 1] === tick) this.#count--;
    if (this.#count === this.#ticks.length) this.#grow();
    this.#ticks[this.#count] = tick;
    this.#values.set(this.#last, this.#count * this.columns.length);
    this.#count++;
  }

  /** Forgets what a probe put into `next`. */
  discard(): void {
    this.next.fill(Number.NaN);
  }

  /** The rows as blocks, none for rows without any value; empties the rows. */
  drain(): Block[] {
    const blocks: Block[] = [];
    for (let start = 0; start < this.#count; ) {
      let end = start + 1;
      while (end < this.#count && this.#samePresence(start, end)) end++;
      const block = this.#block(start, end);
      if (block.columns.length > 0) blocks.push(block);
      start = end;
    }
    this.#count = 0;
    return blocks;
  }

  #samePresence(rowA: number, rowB: number): boolean {
    for (let c = 0; c < this.columns.length; c++) {
      if (Number.isNaN(this.#at(rowA, c)) !== Number.isNaN(this.#at(rowB, c))) return false;
    }
    return true;
  }

  #block(start: number, end: number): Block {
    const columns: number[] = [];
    const values: Float64Array[] = [];
    for (let c = 0; c < this.columns.length; c++) {
      if (Number.isNaN(this.#at(start, c))) continue;
      columns.push(this.columns[c] as number);
      values.push(this.#column(c, start, end));
    }
    return {
      subject: this.subject,
      index: this.index,
      columns,
      ticks: this.#ticks.slice(start, end),
      values,
    };
  }

  #column(column: number, start: number, end: number): Float64Array {
    const values = new Float64Array(end - start);
    for (let row = start; row < end; row++) values[row - start] = this.#at(row, column);
    return values;
  }

  #at(row: number, column: number): number {
    return this.#values[row * this.columns.length + column] as number;
  }

  #grow(): void {
    const ticks = new Uint32Array(this.#ticks.length * 2);
    ticks.set(this.#ticks);
    this.#ticks = ticks;
    const values = new Float64Array(this.#values.length * 2);
    values.set(this.#values);
    this.#values = values;
  }
}
