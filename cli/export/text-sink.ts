/** Where an export is written: standard output or a file. */
import { closeSync, openSync } from 'node:fs';
import { PodometerError } from '../../protocol/errors.ts';
import type { Output } from '../command.ts';
import { writeAll } from '../write-all.ts';

export type TextSink = Pick<Output, 'write' | 'closed'>;

const CHUNK_CHARACTERS = 64 * 1024;

/** Writes the pieces in larger ones, until there are no more or the reader has gone. */
export function writePieces(sink: TextSink, pieces: Iterable<string>): void {
  let pending = '';
  for (const piece of pieces) {
    pending += piece;
    if (pending.length < CHUNK_CHARACTERS) continue;
    sink.write(pending);
    if (sink.closed) return;
    pending = '';
  }
  sink.write(pending);
}

/** Replaces the file at `path`. Throws PODO_OUTPUT_FAILED. */
export function withFile(path: string, use: (sink: TextSink) => void): void {
  const fd = openFile(path);
  try {
    use({ closed: false, write: (text) => void writeAll(fd, Buffer.from(text)) });
  } finally {
    closeSync(fd);
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (cause) {
    throw new PodometerError(
      'PODO_OUTPUT_FAILED',
      `--output ${path} cannot be written: ${cause instanceof Error ? cause.message : cause}`,
      'Name a file in a folder that exists and that you may write.',
      { cause },
    );
  }
}
