/**
 * A column of integers as bytes. The row count stands elsewhere (in the block).
 *
 *     column   = form:u8 value:zz                  form 0, constant: every row is the same
 *              | form:u8 first:zz delta*            1, delta: each row's distance from the one before
 *              | form:u8 first:zz delta:zz change*  2, change of delta: for what grows evenly
 *              | form:u8 value:zz*                  3, raw: where two values lie too far apart for an exact distance
 *     delta    = zz other than 0  |  0 run:varint   `run` zeros more after this one
 *     change   = as delta
 *
 * The upper half of the form says of what the values are multiples: 0 of one, 1 of a page (4096), 2 of a KiB; they are
 * written divided by it. The writer tries both forms and keeps the shorter. Values are safe integers.
 */
import { type ByteReader, ByteWriter, malformed } from './varint.ts';

const CONSTANT = 0;
const DELTA = 1;
const CHANGE = 2;
const RAW = 3;
/** By the upper half of the form. */
const FACTORS = [1, 4096, 1024];

export function encodeColumn(values: ArrayLike<number>, writer: ByteWriter): void {
  const scaled = Math.max(
    0,
    FACTORS.findIndex((factor) => factor > 1 && allAreMultiples(values, factor)),
  );
  const factor = FACTORS[scaled] ?? 1;
  const written = factor === 1 ? values : Float64Array.from(values, (value) => value / factor);
  const start = writer.length;
  encodePlain(written, writer);
  writer.or(start, scaled << 4);
}

function encodePlain(values: ArrayLike<number>, writer: ByteWriter): void {
  if (isConstant(values)) {
    writer.byte(CONSTANT);
    writer.zigzag(at(values, 0));
    return;
  }
  const start = writer.length;
  if (!encodeDeltas(values, writer)) {
    encodeRaw(values, writer);
    return;
  }
  const change = values.length > 2 ? encodeChanges(values, writer.length - start) : undefined;
  if (change !== undefined) writer.replaceFrom(start, change.view());
}

/** Fills `into`, whose length is the row count. Throws PODO_BATCH_MALFORMED. */
export function decodeColumn(reader: ByteReader, into: Float64Array): void {
  const form = reader.byte('a column form');
  const factor = FACTORS[form >> 4];
  if (factor === undefined) throw malformed(`column form ${form} is not known`);
  decodePlain(form & 15, reader, into);
  if (factor === 1) return;
  for (let i = 0; i < into.length; i++) into[i] = checked(at(into, i) * factor);
}

function decodePlain(kind: number, reader: ByteReader, into: Float64Array): void {
  if (kind === RAW) {
    for (let i = 0; i < into.length; i++) into[i] = reader.zigzag('a value of a column');
    return;
  }
  const first = reader.zigzag('the first value of a column');
  if (kind === CONSTANT) into.fill(first);
  else if (kind === DELTA) decodeDeltas(reader, into, first);
  else if (kind === CHANGE) decodeChanges(reader, into, first);
  else throw malformed(`column kind ${kind} is not known`);
}

function allAreMultiples(values: ArrayLike<number>, factor: number): boolean {
  for (let i = 0; i < values.length; i++) if (at(values, i) % factor !== 0) return false;
  return true;
}

function isConstant(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

function encodeRaw(values: ArrayLike<number>, writer: ByteWriter): void {
  writer.byte(RAW);
  for (let i = 0; i < values.length; i++) writer.zigzag(at(values, i));
}

/** False, and nothing written, where a distance would not be exact. */
function encodeDeltas(values: ArrayLike<number>, writer: ByteWriter): boolean {
  const start = writer.length;
  writer.byte(DELTA);
  writer.zigzag(at(values, 0));
  const steps = new StepWriter(writer);
  for (let i = 1; i < values.length; i++) {
    const step = at(values, i) - at(values, i - 1);
    if (!Number.isSafeInteger(step)) {
      writer.replaceFrom(start, new Uint8Array());
      return false;
    }
    steps.push(step);
  }
  steps.flush();
  return true;
}

/** For columns whose deltas are exact; undefined where this form would not be shorter than `limit`, or not exact. */
function encodeChanges(values: ArrayLike<number>, limit: number): ByteWriter | undefined {
  const writer = new ByteWriter(limit + 32);
  writer.byte(CHANGE);
  writer.zigzag(at(values, 0));
  let delta = at(values, 1) - at(values, 0);
  writer.zigzag(delta);
  const steps = new StepWriter(writer);
  for (let i = 2; i < values.length; i++) {
    const next = at(values, i) - at(values, i - 1);
    if (!Number.isSafeInteger(next - delta)) return undefined;
    steps.push(next - delta);
    delta = next;
    if (writer.length >= limit) return undefined;
  }
  steps.flush();
  return writer.length < limit ? writer : undefined;
}

/** Writes steps, a run of zeros as one zero and how many follow it. */
class StepWriter {
  readonly #writer: ByteWriter;
  #zeros = 0;

  constructor(writer: ByteWriter) {
    this.#writer = writer;
  }

  push(step: number): void {
    if (step === 0) {
      this.#zeros++;
      return;
    }
    this.flush();
    this.#writer.zigzag(step);
  }

  flush(): void {
    if (this.#zeros === 0) return;
    this.#writer.byte(0);
    this.#writer.varint(this.#zeros - 1);
    this.#zeros = 0;
  }
}

/** Apart from the changes, and without a callback, because most columns are of this form. */
function decodeDeltas(reader: ByteReader, into: Float64Array, first: number): void {
  into[0] = first;
  let value = first;
  for (let i = 1; i < into.length; ) {
    const step = reader.zigzag('a step of a column');
    const end = i + (step === 0 ? zeroRun(reader, into.length - i) : 1);
    value = checked(value + step);
    for (; i < end; i++) into[i] = value;
  }
}

function decodeChanges(reader: ByteReader, into: Float64Array, first: number): void {
  if (into.length < 2) throw malformed('a column of changes has fewer than two rows');
  let delta = reader.zigzag('the first step of a column');
  let value = first + delta;
  into[0] = first;
  into[1] = checked(value);
  for (let i = 2; i < into.length; ) {
    const change = reader.zigzag('a step of a column');
    const end = i + (change === 0 ? zeroRun(reader, into.length - i) : 1);
    delta += change;
    for (; i < end; i++) {
      value += delta;
      into[i] = checked(value);
    }
  }
}

/** How many rows in a run of zeros, the one that was read included. */
function zeroRun(reader: ByteReader, left: number): number {
  const run = reader.varint('a run of zeros') + 1;
  if (run > left) throw malformed(`a run of ${run} rows passes the ${left} that are left`);
  return run;
}

function checked(value: number): number {
  if (!Number.isSafeInteger(value)) throw malformed(`a value of a column is above 2^53`);
  return value;
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] as number;
}
