/**
 * /proc/PID/task/TID/syscall: the system call that a thread waits in: `number argument* sp pc`, `-1 sp pc` where it waits
 * outside of any (for a page), `running` where it does not wait. Needs the right to trace the process.
 */
import { integerAt } from './bytes.ts';

const LETTER_R = 0x72;

/** The number of the system call, as the machine's architecture counts, or −1; undefined where the thread does not wait. */
export function parseSyscall(bytes: Uint8Array): number | undefined {
  return bytes.length === 0 || bytes[0] === LETTER_R ? undefined : integerAt(bytes, 0);
}
