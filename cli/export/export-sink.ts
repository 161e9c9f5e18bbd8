/** Where an export is written: standard output or a file. */
import { closeSync, openSync } from 'node:fs';
import { inChunks, type Pieces } from '../../aggregator/export/formats.ts';
import { PodometerError } from '../../protocol/errors.ts';
import type { Output } from '../command.ts';
import { writeAll } from '../write-all.ts';

export type ExportSink = Pick<Output, 'write' | 'closed'>;

/** Writes the pieces in larger ones, until there are no more or the reader has gone. */
export function writePieces(sink: ExportSink, pieces: Pieces): void {
  for (const chunk of inChunks(pieces)) {
    sink.write(chunk);
    if (sink.closed) return;
  }
}

/** To the file at `path` where one is named, else to `stdout`. Throws PODO_OUTPUT_FAILED. */
export function writeExport(stdout: ExportSink, path: string | undefined, pieces: Pieces): void {
  if (path === undefined) writePieces(stdout, pieces);
  else withFile(path, (file) => writePieces(file, pieces));
}

/** Replaces the file at `path`. Throws PODO_OUTPUT_FAILED. */
function withFile(path: string, use: (sink: ExportSink) => void): void {
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
