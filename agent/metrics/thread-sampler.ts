/**
 * The threads of one process, read in turn, and their time by state and by what they wait for.
 *
 * A reading of a thread stands for the time since the reading before; the first one for the time since the process was
 * sampled last. What a thread did after its last reading is lost, so that a thread that comes and goes counts right on
 * average. When the process ends, its threads' last states stand for the rest.
 */
import { ProcFile, readOnce } from '../procfs/proc-file.ts';
import type { Stat } from '../procfs/stat.ts';
import { parseSyscall } from '../procfs/syscall.ts';
import { parseTaskState, type ThreadState, threadStateOf, threadStates } from '../procfs/task-state.ts';
import { listThreads } from '../procfs/tasks.ts';
import { parseWchan } from '../procfs/wchan.ts';
import { type WaitClass, type WaitClasses, waitClasses } from './wait-class.ts';

/** Read at one tick, and kept open, per process. A kept-open file takes 5 KB of kernel memory. */
const MOST_AT_ONCE = 16;

interface Thread {
  readonly folder: string;
  /** Its `stat`, where it is kept open. */
  readonly file: ProcFile | undefined;
  state: ThreadState | undefined;
  wait: WaitClass | undefined;
  /** ms since the agent's epoch, as far as its time is counted. */
  countedMs: number;
}

export interface ThreadSamplerOptions {
  readonly procRoot: string;
  readonly pid: number;
  /** Undefined where waits cannot be told. */
  readonly classes: WaitClasses | undefined;
  /** ms since the agent's epoch: what the first reading counts from. */
  readonly startMs: number;
}

export class ThreadSampler {
  readonly #options: ThreadSamplerOptions;
  readonly #folder: string;
  #threads = new Map<string, Thread>();
  /** Those that are still to be read in this turn. */
  #turn: Thread[] = [];
  #listIsOld = true;
  #sampledMs: number;
  #waits: 'untried' | 'told' | 'denied';
  readonly #stateMs = new Float64Array(threadStates.length);
  readonly #waitMs = new Float64Array(waitClasses.length);

  constructor(options: ThreadSamplerOptions) {
    this.#options = options;
    this.#folder = `${options.procRoot}/${options.pid}/task`;
    this.#sampledMs = options.startMs;
    this.#waits = options.classes === undefined ? 'denied' : 'untried';
  }

  /** `stat`: of the process, just read. */
  sample(stat: Stat, nowMs: number): void {
    if (this.#listIsOld || stat.threads !== this.#threads.size) this.#list(stat.threads);
    const only = this.#threads.size === 1 ? stat : undefined;
    for (let left = Math.min(MOST_AT_ONCE, this.#threads.size); left > 0; left--) this.#readNext(only, nowMs);
    this.#sampledMs = nowMs;
  }

  /** None has run since it was read, or none will run again: all are what they were. */
  standStill(nowMs: number): void {
    for (const thread of this.#threads.values()) this.#count(thread, nowMs);
    this.#sampledMs = nowMs;
  }

  /** How many threads were in each state when they were read last. */
  counts(into: Float64Array): void {
    into.fill(0);
    for (const { state } of this.#threads.values()) {
      if (state !== undefined) add(into, threadStates.indexOf(state), 1);
    }
  }

  /** Thread-time in each state so far, in ms. */
  get stateMs(): ArrayLike<number> {
    return this.#stateMs;
  }

  /** Thread-time of each class of waits so far, in ms; undefined where it may not be read. */
  get waitMs(): ArrayLike<number> | undefined {
    return this.#waits === 'told' ? this.#waitMs : undefined;
  }

  close(): void {
    for (const { file } of this.#threads.values()) file?.close();
    this.#threads.clear();
  }

  #list(count: number): void {
    const { procRoot, pid } = this.#options;
    const before = this.#threads;
    const tids = count === 1 ? [String(pid)] : listThreads(procRoot, pid);
    const keepOpen = tids.length > 1 && tids.length <= MOST_AT_ONCE;
    this.#threads = new Map(tids.map((tid) => [tid, before.get(tid) ?? this.#newThread(tid, keepOpen)]));
    for (const [tid, { file }] of before) if (!this.#threads.has(tid)) file?.close();
    const living = new Set(this.#threads.values());
    this.#turn = this.#turn.filter((thread) => living.has(thread));
    this.#listIsOld = false;
  }

  #newThread(tid: string, keepOpen: boolean): Thread {
    const folder = `${this.#folder}/${tid}`;
    const file = keepOpen ? ProcFile.open(`${folder}/stat`) : undefined;
    return {
      folder,
      file: file instanceof ProcFile ? file : undefined,
      state: undefined,
      wait: undefined,
      countedMs: this.#sampledMs,
    };
  }

  /** `only`: of the process, where this is its only thread. */
  #readNext(only: Stat | undefined, nowMs: number): void {
    if (this.#turn.length === 0) this.#turn = [...this.#threads.values()];
    const thread = this.#turn.pop();
    if (thread === undefined) return;
    thread.state = only === undefined ? readState(thread) : threadStateOf(only.state);
    if (thread.state === undefined) {
      this.#listIsOld = true;
      return;
    }
    thread.wait = this.#readWait(thread, thread.state);
    this.#count(thread, nowMs);
  }

  /** Undefined where the thread does not wait, or that is not told. */
  #readWait({ folder }: Thread, state: ThreadState): WaitClass | undefined {
    const { classes } = this.#options;
    const isKnown = this.#waits === 'denied' || (this.#waits === 'told' && state === 'running');
    if (classes === undefined || isKnown) return undefined;
    const bytes = readOnce(`${folder}/syscall`);
    if (!Buffer.isBuffer(bytes)) {
      if (bytes === 'denied') this.#waits = 'denied';
      return undefined;
    }
    this.#waits = 'told';
    const syscall = parseSyscall(bytes);
    if (syscall === undefined || (state !== 'sleeping' && state !== 'uninterruptible')) return undefined;
    return classes.classOf(state, syscall, () => readFunction(folder));
  }

  #count(thread: Thread, nowMs: number): void {
    const { state, wait, countedMs } = thread;
    if (state === undefined) return;
    // A start is known to a clock tick, and may seem to lie ahead.
    const elapsedMs = Math.max(0, nowMs - countedMs);
    add(this.#stateMs, threadStates.indexOf(state), elapsedMs);
    if (wait !== undefined) add(this.#waitMs, waitClasses.indexOf(wait), elapsedMs);
    thread.countedMs = nowMs;
  }
}

/** Undefined where the thread has ended. */
function readState({ file, folder }: Thread): ThreadState | undefined {
  const bytes = file === undefined ? readOnce(`${folder}/stat`) : file.read();
  return Buffer.isBuffer(bytes) && bytes.length > 0 ? parseTaskState(bytes) : undefined;
}

function readFunction(folder: string): string | undefined {
  const bytes = readOnce(`${folder}/wchan`);
  return Buffer.isBuffer(bytes) ? parseWchan(bytes) : undefined;
}

function add(sums: Float64Array, place: number, amount: number): void {
  sums[place] = (sums[place] as number) + amount;
}
