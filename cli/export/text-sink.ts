/** Where an export is written: standard output or a file. */
import { closeSync, openSync } from 'node:fs';
import { PodometerError } from '../../protocol/errors.ts';
import type { Output } from '../command.ts';
import { writeAll } from '../write-all.ts';

export type TextSink = Pick<Output, 'write' | 'closed'>;

/** Writes the pieces until there are no more or the reader has gone. */
export async function writePieces(sink: TextSink, pieces: AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) {
    sink.write(piece);
    if (sink.closed) return;
  }
}

/** Replaces the file at `path`. Throws PODO_OUTPUT_FAILED. */
export async function withFile(path: string, use: (sink: TextSink) => Promise<void>): Promise<void> {
  const fd = openFile(path);
  try {
    await use({ closed: false, write: (text) => void writeAll(fd, Buffer.from(text)) });
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
