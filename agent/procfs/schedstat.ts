/** /proc/PID/schedstat and /proc/PID/task/TID/schedstat, of one thread: time on a CPU, time waiting for one, turns. */
import { integerAt, nextField } from './bytes.ts';

/** The order of `parseSchedstat`'s result. */
export const schedstatFields = ['runNs', 'waitNs', 'slices'] as const;

/** `into`: one number per field, NaN where the kernel does not count them. */
export function parseSchedstat(bytes: Uint8Array, into: Float64Array): void {
  let offset = 0;
  for (let i = 0; i < schedstatFields.length; i++) {
    into[i] = integerAt(bytes, offset);
    offset = nextField(bytes, offset);
  }
}
