/**
 * A /proc or cgroup file that is kept open and read again and again from its start. An open /proc/PID file stays bound
 * to its process: once that has been waited for, reading answers "gone", whoever has the pid by then.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { systemCode } from '../../lib/errors.ts';

/** Why a file cannot be read. Both are normal: processes end, and not everything may be read. */
export type Unreadable = 'gone' | 'denied';

const DENIED = new Set(['EACCES', 'EPERM']);
const GONE = new Set(['ESRCH', 'ENOENT', 'ENODEV', 'ENOTDIR', 'EINVAL', 'EOPNOTSUPP']);

/** A shorter answer is the whole file, where the kernel makes the file in one go. */
const SURELY_WHOLE_BYTES = 2048;

/** Holds what was read last, by whichever file: parse it before the next read. */
let shared = Buffer.allocUnsafeSlow(16 * 1024);

export class ProcFile {
  readonly #fd: number;
  /** What the last read answered: most answers are as long as the one before. */
  #view: Buffer | undefined;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  static open(path: string): ProcFile | Unreadable {
    try {
      return new ProcFile(openSync(path, 'r'));
    } catch (error) {
      return unreadable(error);
    }
  }

  /**
   * The file's bytes, valid until the next read of any file. `surelyWholeBytes`: 0 for a file of many records, which
   * the kernel hands out in pieces of any size.
   */
  read(surelyWholeBytes = SURELY_WHOLE_BYTES): Buffer | Unreadable {
    try {
      let length = readSync(this.#fd, shared, 0, shared.length, 0);
      if (length >= surelyWholeBytes) length = this.#readRest(length);
      if (this.#view?.length !== length || this.#view.buffer !== shared.buffer) {
        this.#view = shared.subarray(0, length);
      }
      return this.#view;
    } catch (error) {
      return unreadable(error);
    }
  }

  /** The kernel hands a long file out in pieces of about a page. */
  #readRest(length: number): number {
    for (let filled = length; ; ) {
      if (filled === shared.length) shared = Buffer.concat([shared, Buffer.alloc(shared.length)]);
      const more = readSync(this.#fd, shared, filled, shared.length - filled, filled);
      if (more === 0) return filled;
      filled += more;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Reads a file once; for what is read once per process. `surelyWholeBytes` as above. */
export function readOnce(path: string, surelyWholeBytes?: number): Buffer | Unreadable {
  const file = ProcFile.open(path);
  if (!(file instanceof ProcFile)) return file;
  try {
    return file.read(surelyWholeBytes);
  } finally {
    file.close();
  }
}

/** The result for a system error that means that the file is gone or may not be read; others are thrown. */
export function unreadable(error: unknown): Unreadable {
  const code = systemCode(error) ?? '';
  if (GONE.has(code)) return 'gone';
  if (DENIED.has(code)) return 'denied';
  throw error;
}
