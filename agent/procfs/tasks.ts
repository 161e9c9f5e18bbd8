/**
 * /proc/PID/task/*: context switches and run delay are counted by thread, and the files of the process itself hold
 * those of its main thread alone. So they are summed over the threads. What a thread had when it ended is lost.
 */
import { readdirSync } from 'node:fs';
import { readOnce, unreadable } from './proc-file.ts';
import { parseSchedstat, schedstatFields } from './schedstat.ts';
import { parseStatus, statusFields } from './status.ts';

/** Above this many threads the sum costs more than it tells. */
const MOST_THREADS = 256;

const VOLUNTARY = statusFields.indexOf('voluntary_ctxt_switches');
const INVOLUNTARY = statusFields.indexOf('nonvoluntary_ctxt_switches');
const WAIT = schedstatFields.indexOf('waitNs');
const status = new Float64Array(statusFields.length);
const schedstat = new Float64Array(schedstatFields.length);

/**
 * `[voluntary switches, involuntary switches, run delay in ns]` summed over the threads. NaN each where no thread
 * tells it, and where there are more than `mostThreads`. `threads`: how many there are, as far as is known; the files of
 * a process with one are those of that thread, and need no listing.
 */
export function readTaskSums(
  procRoot: string,
  pid: number,
  threads: number,
  into: Float64Array,
  mostThreads = MOST_THREADS,
): void {
  into.fill(Number.NaN);
  if (threads === 1) {
    addThread(`${procRoot}/${pid}`, into);
    return;
  }
  const listed = listThreads(procRoot, pid);
  if (listed.length > mostThreads) return;
  for (const tid of listed) addThread(`${procRoot}/${pid}/task/${tid}`, into);
}

/** The thread ids of a process; none where it is gone or may not be seen. */
export function listThreads(procRoot: string, pid: number): string[] {
  try {
    return readdirSync(`${procRoot}/${pid}/task`);
  } catch (error) {
    unreadable(error);
    return [];
  }
}

function addThread(folder: string, into: Float64Array): void {
  let bytes = readOnce(`${folder}/status`);
  if (Buffer.isBuffer(bytes)) {
    parseStatus(bytes, status);
    add(into, 0, status[VOLUNTARY]);
    add(into, 1, status[INVOLUNTARY]);
  }
  bytes = readOnce(`${folder}/schedstat`);
  if (!Buffer.isBuffer(bytes)) return;
  parseSchedstat(bytes, schedstat);
  add(into, 2, schedstat[WAIT]);
}

/** The first number makes an absent sum a number. */
function add(into: Float64Array, position: number, value = Number.NaN): void {
  if (!Number.isNaN(value)) into[position] = (into[position] || 0) + value;
}
