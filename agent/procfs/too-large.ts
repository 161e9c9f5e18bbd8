/**
 * Values above 2^53−1. A number holds them no longer without losing digits, so every parser leaves them out (NaN, like a
 * missing field). Whoever wants to know which they were passes a `Refuse`; it is asked only once a value came out as
 * absent, so it costs nothing else.
 */
import { PodometerError } from '../../protocol/errors.ts';

/** Told of each value that was too large: its field's name and its digits. */
export type Refuse = (field: string, digits: string) => void;

const LONGEST = 32;

/** Tells `refuse` where the value at `offset`, which came out as absent, is an integer all the same. */
export function reportTooLarge(bytes: Uint8Array, offset: number, field: string, refuse: Refuse): void {
  const text = Buffer.from(bytes.subarray(offset, offset + LONGEST)).toString('latin1');
  const digits = /^[ \t]*(-?\d+)/.exec(text)?.[1];
  if (digits !== undefined) refuse(field, digits);
}

/** What to say of a refused value of the file at `path`. */
export function tooLargeError(path: string, field: string, digits: string): PodometerError {
  return new PodometerError(
    'PODO_PROCFS_TOO_LARGE',
    `${field} of ${path} is ${digits}, more than 2^53−1, and was not recorded`,
    'Nothing else is lost; a counter begins anew when its process or container is started again.',
  );
}
