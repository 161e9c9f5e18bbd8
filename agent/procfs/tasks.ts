/**
 * /proc/PID/task/*: context switches and run delay are counted by thread, and the files of the process itself hold
 * those of its main thread alone. So they are summed over the threads. What a thread had when it ended is lost.
 */
import { readdirSync } from 'node:fs';
import { readOnce, unreadable } from './proc-file.ts';
import { parseRunDelayNs } from './schedstat.ts';
import { parseStatus, statusFields } from './status.ts';

/** Above this many threads the sum costs more than it tells, and is left out. */
export const MOST_THREADS = 256;

const VOLUNTARY = statusFields.indexOf('voluntary_ctxt_switches');
const INVOLUNTARY = statusFields.indexOf('nonvoluntary_ctxt_switches');
const scratch = new Float64Array(statusFields.length);

/** `[voluntary switches, involuntary switches, run delay in ns]` summed over the threads; NaN each where not read. */
export function readTaskSums(procRoot: string, pid: number, into: Float64Array): void {
  into.fill(Number.NaN);
  const threads = listThreads(`${procRoot}/${pid}/task`);
  if (threads.length === 0 || threads.length > MOST_THREADS) return;
  into.fill(0);
  for (const tid of threads) addThread(`${procRoot}/${pid}/task/${tid}`, into);
}

function addThread(folder: string, into: Float64Array): void {
  const status = readOnce(`${folder}/status`);
  if (Buffer.isBuffer(status)) {
    parseStatus(status, scratch);
    add(into, 0, scratch[VOLUNTARY]);
    add(into, 1, scratch[INVOLUNTARY]);
  }
  const schedstat = readOnce(`${folder}/schedstat`);
  if (Buffer.isBuffer(schedstat)) add(into, 2, parseRunDelayNs(schedstat));
}

function add(into: Float64Array, position: number, value: number | undefined): void {
  into[position] = (into[position] as number) + (value || 0);
}

function listThreads(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    unreadable(error);
    return [];
  }
}
