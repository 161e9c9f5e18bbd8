/**
 * Starts commands so that their last counters can be read after their end.
 *
 * Node waits for a child as soon as it ends, and with that the kernel drops the child's /proc folder. Here a worker
 * thread starts the child and then sleeps on a gate: the child stays a zombie, whose `stat` and `io` hold its final
 * totals (and those of every descendant that was waited for), until the main thread opens the gate.
 */
import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PodometerError } from '../protocol/errors.ts';

export interface ChildExit {
  /** Exit code; undefined where a signal ended it. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

export interface LaunchedCommand {
  readonly pid: number;
  /** Monotonic ms just before it was started. */
  readonly startedMonotonicMs: number;
  /** Lets the worker wait for the child. To be called once the child is known to have ended. */
  release(): void;
  /** Resolves after `release`, when the child has been waited for. */
  readonly exited: Promise<ChildExit>;
}

export interface LaunchRequest {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly gate: Int32Array;
  readonly stdout: number;
  readonly stderr: number;
}

export type LaunchMessage =
  | { readonly kind: 'started'; readonly pid: number; readonly startedMonotonicMs: number }
  | { readonly kind: 'failed'; readonly code: string | undefined; readonly message: string }
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** One thread, which can start one command after the other. It does not keep the process alive while none runs. */
export class Launcher {
  readonly #worker = new Worker(new URL(`./launch-worker${extname(import.meta.filename)}`, import.meta.url));

  constructor() {
    this.#worker.unref();
  }

  /**
   * Starts `command` with this process's stdin, and with these file descriptors as its stdout and stderr. Throws
   * PODO_COMMAND_NOT_FOUND or PODO_COMMAND_NOT_EXECUTABLE.
   */
  async launch(
    command: readonly string[],
    env: NodeJS.ProcessEnv,
    { stdout = 1, stderr = 2 }: { readonly stdout?: number; readonly stderr?: number } = {},
  ): Promise<LaunchedCommand> {
    const gate = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    this.#worker.ref();
    this.#worker.postMessage({ command, env, gate, stdout, stderr } satisfies LaunchRequest);
    const first = await this.#next();
    if (first.kind !== 'started') {
      this.#worker.unref();
      throw launchError(command[0] ?? '', first);
    }
    return {
      pid: first.pid,
      startedMonotonicMs: first.startedMonotonicMs,
      release: () => {
        Atomics.store(gate, 0, 1);
        Atomics.notify(gate, 0);
      },
      exited: this.#exit(),
    };
  }

  async #exit(): Promise<ChildExit> {
    const message = await this.#next();
    this.#worker.unref();
    if (message.kind !== 'exited')
      throw new Error(`the launcher said ${message.kind} where the exit was due`);
    return { code: message.code ?? undefined, signal: message.signal ?? undefined };
  }

  #next(): Promise<LaunchMessage> {
    return new Promise((resolve, reject) => {
      this.#worker.once('message', resolve);
      this.#worker.once('error', reject);
    });
  }
}

function launchError(name: string, message: LaunchMessage): Error {
  if (message.kind !== 'failed')
    return new Error(`the launcher said ${message.kind} before the command started`);
  if (message.code === 'ENOENT') {
    return new PodometerError(
      'PODO_COMMAND_NOT_FOUND',
      `${name}: command not found`,
      'Check the spelling, the PATH, and the first line (#!) where it is a script.',
    );
  }
  const isFolder = statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return new PodometerError(
    'PODO_COMMAND_NOT_EXECUTABLE',
    `${name}: cannot be executed (${isFolder ? 'it is a folder' : (message.code ?? message.message)})`,
    `Give the path of a program${isFolder ? '.' : `, and make it executable: chmod +x ${name}`}`,
  );
}
