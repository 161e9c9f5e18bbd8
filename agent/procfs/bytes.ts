/**
 * Numbers out of /proc text without making strings. The kernel prints decimal digits, fields apart by blanks, and one
 * `name value` pair a line.
 */
import { type Refuse, reportTooLarge } from './too-large.ts';

const SPACE = 0x20;
const TAB = 0x09;
const NEWLINE = 0x0a;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * The decimal integer that starts at `offset` (blanks before it are passed over) and ends before `end`. NaN where there
 * is none (`max`, a missing field) and where it is above 2^53−1 and would lose digits: what can't be kept exactly is
 * absent.
 */
export function integerAt(bytes: Uint8Array, offset: number, end = bytes.length): number {
  let i = afterBlanks(bytes, offset);
  const negative = bytes[i] === MINUS;
  if (negative) i++;
  const first = i;
  let value = 0;
  for (; i < end; i++) {
    const c = bytes[i] as number;
    if (c < ZERO || c > NINE) break;
    value = value * 10 + (c - ZERO);
  }
  if (i === first || value > Number.MAX_SAFE_INTEGER) return Number.NaN;
  return negative ? -value : value;
}

/** The integer at `offset` in thousands, the rest dropped: ns as µs, exact however many ns there are. */
export function thousandsAt(bytes: Uint8Array, offset: number): number {
  const first = afterBlanks(bytes, offset);
  let end = first;
  for (let c = bytes[end]; c !== undefined && c >= ZERO && c <= NINE; c = bytes[end]) end++;
  const digits = end - first;
  return digits > 0 && digits <= 3 ? 0 : integerAt(bytes, first, end - 3);
}

function afterBlanks(bytes: Uint8Array, offset: number): number {
  let i = offset;
  while (bytes[i] === SPACE || bytes[i] === TAB) i++;
  return i;
}

/** Where the next blank-separated field after the one at `offset` begins; the length of `bytes` where none does. */
export function nextField(bytes: Uint8Array, offset: number): number {
  let i = offset;
  while (i < bytes.length && bytes[i] !== SPACE) i++;
  while (i < bytes.length && bytes[i] === SPACE) i++;
  return i;
}

/**
 * The values of `name value` lines in one pass: `into[k]` is the value of the line that starts with `names[k]`
 * (which ends with what stands between name and value, such as `"rchar:"`), NaN where there is no such line. Fastest
 * where the names are in the file's order. `refuse` is told of values that are absent because they are too large.
 */
export function keyedIntegers(
  bytes: Uint8Array,
  names: readonly Uint8Array[],
  into: Float64Array,
  refuse?: Refuse,
): void {
  into.fill(Number.NaN);
  let expected = 0;
  for (let line = 0; line < bytes.length; line = nextLine(bytes, line)) {
    for (let tried = 0; tried < names.length; tried++) {
      const k = (expected + tried) % names.length;
      const name = names[k] as Uint8Array;
      if (!startsWith(bytes, line, name)) continue;
      const value = integerAt(bytes, line + name.length);
      into[k] = value;
      if (refuse !== undefined && Number.isNaN(value)) {
        reportTooLarge(bytes, line + name.length, fieldOf(name), refuse);
      }
      expected = k + 1;
      break;
    }
  }
}

/** A name as above without what stands between it and its value. */
function fieldOf(name: Uint8Array): string {
  return Buffer.from(name.subarray(0, -1)).toString('latin1');
}

/** Where the value of the line that starts with `name` begins; the length of `bytes` where there is no such line. */
export function valueOffset(bytes: Uint8Array, name: Uint8Array): number {
  for (let line = 0; line < bytes.length; line = nextLine(bytes, line)) {
    if (startsWith(bytes, line, name)) return line + name.length;
  }
  return bytes.length;
}

/** Where the line after the one at `offset` begins. */
export function nextLine(bytes: Uint8Array, offset: number): number {
  // Lines are short: looking here is cheaper than a call out of the engine.
  let i = offset;
  while (i < bytes.length && bytes[i] !== NEWLINE) i++;
  return Math.min(bytes.length, i + 1);
}

function startsWith(bytes: Uint8Array, offset: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i++) if (bytes[offset + i] !== name[i]) return false;
  return true;
}

/** Text as bytes, for the names above. */
export function ascii(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
