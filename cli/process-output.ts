/**
 * Standard output or standard error of this process, written at once and with `writeSync`: Node's own streams set
 * O_NONBLOCK on a pipe, and the measured command, which has the same open file, would then meet EAGAIN.
 */
import { isatty, type WriteStream } from 'node:tty';
import type { Output } from './command.ts';
import { wantsColour } from './terminal/colour.ts';
import { writeAll } from './write-all.ts';

export interface OutputSource {
  readonly fd: number;
  readonly env: NodeJS.ProcessEnv;
  /** Only asked for where the descriptor is a terminal, which Node opens anew for itself. */
  terminal(): WriteStream;
  /** Whether a failure to write is dropped: where messages cannot be written there is nowhere left to tell that. */
  readonly dropFailures: boolean;
}

export function processOutput({ fd, env, terminal, dropFailures }: OutputSource): Output {
  const isTty = isatty(fd);
  let closed = false;
  return {
    isTty,
    get columns() {
      return isTty ? terminal().columns : Number.POSITIVE_INFINITY;
    },
    colour: wantsColour(isTty, env),
    get closed() {
      return closed;
    },
    write: (text) => {
      if (closed) return;
      try {
        closed = writeAll(fd, Buffer.from(text)) === 'closed';
      } catch (error) {
        closed = true;
        if (!dropFailures) throw error;
      }
    },
  };
}
