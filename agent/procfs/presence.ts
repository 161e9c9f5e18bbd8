/** Whether a process is there, and whether it is at work. */
import { existsSync } from 'node:fs';
import { processExists } from '../../lib/process-exists.ts';
import { StatFile } from './stat.ts';

/**
 * Asked so often that the price counts. A signal tells it too, but a process of another user answers it with an error,
 * which takes several times as long to make. It is asked of last, as /proc may be mounted so that it hides what is another
 * user's (hidepid).
 */
export function isThere(procRoot: string, pid: number): boolean {
  return existsSync(`${procRoot}/${pid}`) || processExists(pid);
}

/** Whether a process may still do something: one that has ended and was not waited for yet is there, and does nothing. */
export function isAtWork(procRoot: string, pid: number): boolean {
  const stat = StatFile.open(procRoot, pid);
  if (stat === undefined) return processExists(pid);
  try {
    return stat.read() === 'read' && !stat.hasEnded;
  } finally {
    stat.close();
  }
}
