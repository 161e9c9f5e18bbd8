/**
 * What a process is called. /proc/PID/comm is the name of its main thread, and some runtimes give that thread a name of
 * its own (Node 24: "MainThread"); then the file that it runs says more.
 */
import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { readOnce, unreadable } from './proc-file.ts';

const THREAD_NAMES = new Set(['MainThread', 'node-MainThread']);

/** `comm`: as in stat. */
export function programName(procRoot: string, pid: number, comm: string): string {
  if (!THREAD_NAMES.has(comm)) return comm;
  try {
    return basename(readlinkSync(`${procRoot}/${pid}/exe`));
  } catch (error) {
    unreadable(error);
    return comm;
  }
}

/** The name of a process that is not measured yet; undefined where there is none. */
export function readProgramName(procRoot: string, pid: number): string | undefined {
  const bytes = readOnce(`${procRoot}/${pid}/comm`);
  if (!Buffer.isBuffer(bytes)) return undefined;
  return programName(procRoot, pid, bytes.toString('utf8').trimEnd());
}
