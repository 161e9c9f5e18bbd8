/**
 * Open file descriptors of a process: the size of the folder /proc/PID/fd on kernels since 6.2, the number of its
 * entries on older ones, where that size is zero. Needs the right to trace the process.
 */
import { readdirSync, statSync } from 'node:fs';
import { unreadable } from './proc-file.ts';

/** NaN where it may not be read, or the process is gone. */
export function countOpenFiles(procRoot: string, pid: number): number {
  const folder = `${procRoot}/${pid}/fd`;
  try {
    return statSync(folder).size || readdirSync(folder).length;
  } catch (error) {
    unreadable(error);
    return Number.NaN;
  }
}
