/** /proc/PID/task/TID/children: the pids that this thread started and that have not been waited for. */
import { readOnce } from './proc-file.ts';
import { listThreads } from './tasks.ts';

/**
 * The children of all threads of a process. Undefined where the process is gone or the kernel does not tell
 * (CONFIG_PROC_CHILDREN). A list that changes while it is read may miss one, so it finds children but proves nothing.
 */
export function readChildren(procRoot: string, pid: number): number[] | undefined {
  const lists = listThreads(procRoot, pid)
    .map((tid) => readOnce(`${procRoot}/${pid}/task/${tid}/children`))
    .filter((list) => Buffer.isBuffer(list))
    .map((list) => parseChildren(list.toString('latin1')));
  return lists.length === 0 ? undefined : lists.flat();
}

export function parseChildren(text: string): number[] {
  return text.split(' ').filter(Boolean).map(Number);
}
