/** The lines of a text file, a few at a time in memory. */
import { closeSync, openSync, readSync } from 'node:fs';

export interface Line {
  /** 1, 2, 3, … */
  readonly number: number;
  /** Without its end, which is LF or CR LF. */
  readonly text: string;
}

const CHUNK_BYTES = 2 ** 20;
const LF = 10;
const CR = 13;

/**
 * `onBytes` sees the file as it is, piece by piece. Throws RangeError where a line is longer than a piece, TypeError where one is not
 * UTF-8, each with the line's number in its message, and the system's errors.
 */
export function* readLines(path: string, onBytes: (bytes: Buffer) => void = () => {}): Generator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const fd = openSync(path, 'r');
  try {
    let number = 0;
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const bytes = chunk.subarray(0, readSync(fd, chunk, 0, CHUNK_BYTES, null));
      onBytes(bytes);
      const all = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
      let from = 0;
      for (let end = all.indexOf(LF); end >= 0; end = all.indexOf(LF, from)) {
        number += 1;
        yield { number, text: decoded(decoder, all.subarray(from, end), number) };
        from = end + 1;
      }
      rest = all.subarray(from);
      if (rest.length > CHUNK_BYTES) throw new RangeError(`line ${number + 1} is longer than 1 MiB`);
      if (bytes.length > 0) continue;
      if (rest.length > 0) yield { number: number + 1, text: decoded(decoder, rest, number + 1) };
      return;
    }
  } finally {
    closeSync(fd);
  }
}

function decoded(decoder: { decode(bytes: Uint8Array): string }, line: Buffer, number: number): string {
  try {
    return decoder.decode(line.at(-1) === CR ? line.subarray(0, -1) : line);
  } catch (cause) {
    throw new TypeError(`line ${number} is not UTF-8`, { cause });
  }
}
