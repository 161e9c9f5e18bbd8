/**
 * /proc/PID/io: bytes and calls of the whole process, those of waited-for children included (the kernel adds them on
 * wait). Needs the right to trace the process, or its uid and gid.
 */
import { ascii, keyedIntegers } from './bytes.ts';
import type { Refuse } from './too-large.ts';

/** In the file's order; the order of `parseIo`'s result. */
export const ioFields = [
  'rchar',
  'wchar',
  'syscr',
  'syscw',
  'read_bytes',
  'write_bytes',
  'cancelled_write_bytes',
] as const;

const NAMES = ioFields.map((field) => ascii(`${field}:`));

/** `into`: one number per field, NaN where the line is missing. */
export function parseIo(bytes: Uint8Array, into: Float64Array, refuse?: Refuse): void {
  keyedIntegers(bytes, NAMES, into, refuse);
}
