/** Whether a process is there, asked so often that the price counts. */
import { existsSync } from 'node:fs';
import { processExists } from '../../lib/process-exists.ts';

/**
 * A signal tells it too, but a process of another user answers it with an error, which takes several times as long to
 * make. It is asked of last, as /proc may be mounted so that it hides what is another user's (hidepid).
 */
export function isThere(procRoot: string, pid: number): boolean {
  return existsSync(`${procRoot}/${pid}`) || processExists(pid);
}
