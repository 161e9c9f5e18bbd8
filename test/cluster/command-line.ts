/** The `podometer` of this source tree, as a person on a laptop calls it. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Finished } from './cluster.ts';

const MAIN = join(import.meta.dirname, '../../cli/main.ts');
const ANSWER_MS = 60_000;

export class CommandLine {
  readonly #namespace: string;

  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  /** Of the namespace. */
  try(...args: string[]): Finished {
    return podometer(this.#inNamespace(args));
  }

  /** What it prints of the namespace; fails the test where it fails. */
  run(...args: string[]): string {
    return this.here(...this.#inNamespace(args));
  }

  /** What it prints of a history on this machine. */
  here(...args: string[]): string {
    const { exitCode, stdout, stderr } = podometer(args);
    assert.equal(exitCode, 0, `podometer ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** Asks the page that `podometer open` serves; `ask` is given its address, which has the token. */
  async open<T>(ask: (address: URL) => Promise<T>): Promise<T> {
    const args = [MAIN, ...this.#inNamespace(['open', '--no-browser'])];
    const program = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(program, 'exit');
    try {
      const told = once(program.stdout, 'data', { signal: AbortSignal.timeout(ANSWER_MS) });
      const first = await Promise.race([told, ended.then(() => undefined)]);
      assert.ok(first !== undefined, 'podometer open ended');
      return await ask(new URL(String(first[0]).trim()));
    } finally {
      program.kill('SIGINT');
      await ended;
    }
  }

  #inNamespace(args: readonly string[]): string[] {
    return [...args, '--namespace', this.#namespace];
  }
}

function podometer(args: readonly string[]): Finished {
  const options = { encoding: 'utf8', maxBuffer: 2 ** 28, timeout: ANSWER_MS } as const;
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [MAIN, ...args], options);
  if (error !== undefined) throw error;
  return { exitCode: status ?? 1, stdout, stderr };
}
