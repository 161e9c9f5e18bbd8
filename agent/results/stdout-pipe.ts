/** A pipe for a command's standard output, which Node can make in no other way than as a named one. */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemCode } from '../../lib/errors.ts';
import { PodometerError } from '../../protocol/errors.ts';

export interface OpenPipe {
  /** Never waits. */
  readonly readEnd: number;
  /** The command's. It is to be closed here once the command has it. */
  readonly writeEnd: number;
}

/** Nothing of it is left in the file system. Throws PODO_TOOL_MISSING. */
export function openPipe(): OpenPipe {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-output-'));
  try {
    const path = join(folder, 'stdout');
    makePipe(path);
    const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return { readEnd, writeEnd: openSync(path, constants.O_WRONLY) };
    } catch (error) {
      closeSync(readEnd);
      throw error;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function makePipe(path: string): void {
  const { error, status, stderr } = spawnSync('mkfifo', ['-m', '600', path]);
  if (status === 0) return;
  const detail = error === undefined ? stderr.toString().trim() : (systemCode(error) ?? error.message);
  throw new PodometerError(
    'PODO_TOOL_MISSING',
    `mkfifo, which --measure needs, cannot be used: ${detail}`,
    'Install coreutils, or measure without --measure.',
    { cause: error },
  );
}
