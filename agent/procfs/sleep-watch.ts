/**
 * Tells for the price of one small read that a process has not run since it was looked at.
 *
 * The third number of /proc/PID/schedstat counts how often the main thread was given a CPU. Where that thread is the only
 * one and was asleep when `stat` was read, and the line is the same as before that reading, then no code of the process
 * has run in between: its CPU time, IO, faults, switches, threads, files and reaped children are what they were. What
 * others can do to a sleeping process is to take its pages away, so its resident set has to be looked at now and then.
 */
import { ProcFile } from './proc-file.ts';
import type { Stat } from './stat.ts';

/** What kernels print that do not account for scheduling. */
const NOT_ACCOUNTED = Buffer.from('0 0 0\n');
const LONGEST_LINE_BYTES = 64;

export class SleepWatch {
  readonly #path: string;
  readonly #line = Buffer.alloc(LONGEST_LINE_BYTES);
  #length = 0;
  #wasAsleep = false;
  /** Opened when the process is first seen asleep; null where it cannot be. */
  #file: ProcFile | null | undefined;

  constructor(procRoot: string, pid: number) {
    this.#path = `${procRoot}/${pid}/schedstat`;
  }

  /** To be asked before `stat` is read: whether the process has slept ever since `note`. */
  sleptOn(): boolean {
    if (!this.#file) return false;
    const bytes = this.#file.read();
    if (!Buffer.isBuffer(bytes) || bytes.length > LONGEST_LINE_BYTES) return false;
    const isSame = bytes.length === this.#length && bytes.compare(this.#line, 0, this.#length) === 0;
    if (!isSame) this.#length = bytes.copy(this.#line);
    return isSame && this.#wasAsleep && !bytes.equals(NOT_ACCOUNTED);
  }

  /** To be told what `stat` said right after `sleptOn` was asked. */
  note(stat: Stat): void {
    this.#wasAsleep = stat.isAsleep && stat.threads === 1;
    if (this.#wasAsleep && this.#file === undefined) this.#open();
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
  }

  /** The line is read at the next `sleptOn`, which then cannot know what came before. */
  #open(): void {
    const file = ProcFile.open(this.#path);
    this.#file = file instanceof ProcFile ? file : null;
    this.#length = 0;
  }
}
