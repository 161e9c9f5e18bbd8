/**
 * Variable-length integers (LEB128: seven bits a byte, least significant first, the top bit says that more follow).
 * Signed ones are zigzagged (0, −1, 1, −2 → 0, 1, 2, 3). All numbers are
 * safe integers; a larger one is refused.
 */
import { PodometerError } from '../errors.ts';

const MOST_BYTES = 9;
const INT31 = 0x4000_0000;
const LARGEST_FACTOR = 2 ** 53;

/** Writes into a buffer that grows. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Sets bits of a byte that stands there already. */
  or(place: number, bits: number): void {
    this.#bytes[place] = (this.#bytes[place] as number) | bits;
  }

  /** A non-negative safe integer. */
  varint(value: number): void {
    this.#reserve(MOST_BYTES);
    let rest = value;
    while (rest >= INT31) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Any safe integer. The sign goes into the lowest bit without doubling the number, which might not be exact. */
  zigzag(value: number): void {
    const sign = value < 0 ? 1 : 0;
    const magnitude = value < 0 ? -value - 1 : value;
    const low = ((magnitude % 64) << 1) | sign;
    if (magnitude < 64) {
      this.byte(low);
      return;
    }
    this.byte(low | 128);
    this.varint(Math.floor(magnitude / 64));
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Replaces what was written from `start` on. */
  replaceFrom(start: number, bytes: Uint8Array): void {
    this.#length = start;
    this.append(bytes);
  }

  uint32(value: number): void {
    this.#reserve(4);
    new DataView(this.#bytes.buffer).setUint32(this.#length, value, true);
    this.#length += 4;
  }

  /** What was written, as a view that the next write may change. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    grown.set(this.view());
    this.#bytes = grown;
  }
}

/** Reads what ByteWriter wrote; every step is checked against the end. Throws PODO_BATCH_MALFORMED. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#offset = offset;
    this.#end = end;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#end - this.#offset;
  }

  byte(what: string): number {
    if (this.#offset >= this.#end) throw malformed(`it ends at byte ${this.#offset}, within ${what}`);
    return this.#bytes[this.#offset++] as number;
  }

  varint(what: string): number {
    return this.#magnitude(what, 0, 1);
  }

  zigzag(what: string): number {
    const first = this.byte(what);
    const low = (first & 127) >> 1;
    const magnitude = first < 128 ? low : this.#magnitude(what, low, 64);
    return (first & 1) === 0 ? magnitude : -magnitude - 1;
  }

  #magnitude(what: string, low: number, start: number): number {
    let value = low;
    for (let factor = start; factor <= LARGEST_FACTOR; factor *= 128) {
      const byte = this.byte(what);
      value += (byte & 127) * factor;
      if (value > Number.MAX_SAFE_INTEGER) break;
      if (byte < 128) return value;
    }
    throw malformed(`${what} before byte ${this.#offset} is above 2^53`);
  }

  /** A count of things that take at least one byte each, so that it cannot ask for more than there is. */
  count(what: string): number {
    const value = this.varint(what);
    if (value > this.remaining) throw malformed(`${what} is ${value}, and ${this.remaining} bytes are left`);
    return value;
  }

  take(length: number, what: string): Uint8Array {
    if (length > this.remaining)
      throw malformed(`${what} needs ${length} bytes, and ${this.remaining} are left`);
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }

  uint32(what: string): number {
    const bytes = this.take(4, what);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  }

  /** A reader of the next `length` bytes; this one goes on behind them. */
  part(length: number, what: string): ByteReader {
    const start = this.#offset;
    this.take(length, what);
    return new ByteReader(this.#bytes, start, start + length);
  }

  /** Refuses bytes that nobody asked for. */
  end(what: string): void {
    if (this.remaining > 0) throw malformed(`${this.remaining} bytes follow ${what}`);
  }
}

export function malformed(detail: string, cause?: unknown): PodometerError {
  return new PodometerError(
    'PODO_BATCH_MALFORMED',
    `The batch cannot be decoded: ${detail}`,
    'It was damaged on the way or was not written by podometer; send it again from its source.',
    { cause },
  );
}
