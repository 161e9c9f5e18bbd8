/**
 * /proc/PID/environ: NAME=value pairs, each ended by a NUL, as they were at the last exec. Nothing of it is kept: the
 * only question is whether a run's id stands in one variable.
 */
import { readOnce } from './proc-file.ts';

/** `unknown`: empty, as it is for a moment in the middle of an exec, and for a zombie. */
export type EnvironmentAnswer = 'yes' | 'no' | 'unknown';

/** Whether `value` is one of the `:`-separated parts of the variable `name` of process `pid`. */
export function environmentHolds(
  procRoot: string,
  pid: number,
  name: string,
  value: string,
): EnvironmentAnswer {
  const bytes = readOnce(`${procRoot}/${pid}/environ`);
  if (!Buffer.isBuffer(bytes)) return 'no';
  if (bytes.length === 0) return 'unknown';
  return holds(bytes, name, value) ? 'yes' : 'no';
}

/** The same question of the bytes of an environ file. */
export function holds(bytes: Buffer, name: string, value: string): boolean {
  const key = `${name}=`;
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0, start);
    const stop = end === -1 ? bytes.length : end;
    if (bytes.toString('latin1', start, Math.min(stop, start + key.length)) === key) {
      return bytes
        .toString('utf8', start + key.length, stop)
        .split(':')
        .includes(value);
    }
    start = stop + 1;
  }
  return false;
}
