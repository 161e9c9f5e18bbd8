/** /proc/PID/cmdline: the arguments, each ended by a NUL. It can hold secrets; it is read only where asked for. */
import { readOnce } from './proc-file.ts';

const LONGEST_BYTES = 4096;

/** The arguments, the program's own name first; cut after 4 KiB. Undefined where it may not be read or is empty. */
export function readCommandLine(procRoot: string, pid: number): string[] | undefined {
  const bytes = readOnce(`${procRoot}/${pid}/cmdline`);
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return undefined;
  return bytes.toString('utf8', 0, Math.min(bytes.length, LONGEST_BYTES)).replace(/\0+$/, '').split('\0');
}
