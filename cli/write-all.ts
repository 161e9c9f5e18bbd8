import { writeSync } from 'node:fs';
import { systemCode } from '../lib/errors.ts';
import { PodometerError } from '../protocol/errors.ts';

const RETRY_MS = 5;

/**
 * Writes everything before it returns. `closed`: nobody reads the other end any more.
 * Throws PODO_OUTPUT_FAILED.
 */
export function writeAll(fd: number, bytes: Uint8Array): 'written' | 'closed' {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      const code = systemCode(error);
      if (code === 'EPIPE') return 'closed';
      if (code !== 'EAGAIN') throw outputFailed(error);
      // Another process made the pipe non-blocking, and its reader is slow.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
  return 'written';
}

function outputFailed(cause: unknown): PodometerError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new PodometerError(
    'PODO_OUTPUT_FAILED',
    `The output cannot be written: ${detail}`,
    'Free some space, or write it elsewhere.',
    { cause },
  );
}
