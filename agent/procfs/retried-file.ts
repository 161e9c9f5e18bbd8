/**
 * A /proc/PID file that may only be opened by the user of its process. A process begins as its parent's user and may
 * become another one (a container's first process does), so what was denied is tried again: at the next reading, and
 * then after twice as many readings each time.
 */
import { ProcFile, type Unreadable } from './proc-file.ts';

const MOST_READINGS_BETWEEN = 64;

export class RetriedFile {
  readonly #path: string;
  #file: ProcFile | Unreadable;
  #left = 1;
  #between = 1;

  constructor(path: string) {
    this.#path = path;
    this.#file = ProcFile.open(path);
  }

  /** As ProcFile.read. */
  read(): Buffer | Unreadable {
    if (this.#file === 'denied' && --this.#left === 0) this.#retry();
    return this.#file instanceof ProcFile ? this.#file.read() : 'denied';
  }

  close(): void {
    if (this.#file instanceof ProcFile) this.#file.close();
  }

  #retry(): void {
    this.#file = ProcFile.open(this.#path);
    this.#between = Math.min(2 * this.#between, MOST_READINGS_BETWEEN);
    this.#left = this.#between;
  }
}
