/** /proc/loadavg: its last field is the pid that was given last in this PID namespace. */
import { integerAt } from './bytes.ts';
import { readOnce } from './proc-file.ts';

/** Where this is the same as before, no process or thread has begun since. NaN where it cannot be read. */
export function readLastPid(procRoot: string): number {
  const bytes = readOnce(`${procRoot}/loadavg`);
  if (!Buffer.isBuffer(bytes)) return Number.NaN;
  return integerAt(bytes, bytes.lastIndexOf(0x20) + 1);
}
