/**
 * Tells whether a signal came to our whole process group, as the terminal sends Ctrl-C, or to us alone. Node does not
 * say who sent a signal. So a process that does nothing stands in the group: what ends it, the command has had too.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** It ends when its input does, so it never outlives us; it leaves no core file. */
const WITNESS = 'ulimit -c 0; exec cat';
/** A group's processes get a signal at once, but the news of an end may take a while on a busy machine. */
const PATIENCE_MS = 500;

export class GroupWitness {
  #process: ChildProcess | undefined;
  #ended: Promise<boolean> = Promise.resolve(true);
  #isStopped = false;

  /** Stands where a terminal controls us; without one nobody but a person's own `kill` signals a group. */
  start(): void {
    if (this.#isStopped || !hasTerminal()) return;
    const witness = spawn('sh', ['-c', WITNESS], { stdio: ['pipe', 'ignore', 'ignore'] });
    this.#process = witness;
    this.#ended = new Promise((resolve) => {
      witness.once('exit', () => resolve(true));
      // Where there is no shell, what comes while a terminal controls us is taken for the terminal's.
      witness.once('error', () => resolve(true));
    });
    witness.unref();
  }

  /** To be asked when a signal has come. */
  async sawIt(): Promise<boolean> {
    if (this.#process === undefined) return false;
    const sawIt = await Promise.race([this.#ended, sleep(PATIENCE_MS, false)]);
    if (sawIt) this.start();
    return sawIt;
  }

  stop(): void {
    this.#isStopped = true;
    this.#process?.stdin?.destroy();
    this.#process?.kill();
    this.#process = undefined;
  }
}

/** Whether a terminal controls us. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
