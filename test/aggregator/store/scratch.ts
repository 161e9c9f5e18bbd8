/** Folders and child processes of a test, cleaned up after it. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Databases } from '../../../aggregator/store/databases.ts';
import type { KeptStore } from '../../../aggregator/store/model.ts';
import { type OpenOptions, openStore } from '../../../aggregator/store/open.ts';
import type { Tables } from '../../../aggregator/store/tables.ts';
import { STARTED_AT_MS } from './sample-batches.ts';

export function scratchFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-store-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let nowMs = STARTED_AT_MS;

function wallMs(): number {
  nowMs += 3_600_000;
  return nowMs;
}

/** A store whose clock goes on by an hour at every look, so that a run without an outcome counts as interrupted. */
export async function scratchStore(
  t: TestContext,
  folder = scratchFolder(t),
  options: OpenOptions = {},
): Promise<KeptStore> {
  const store = await openStore(folder, { clock: { wallMs }, ...options });
  t.after(() => store.close());
  return store;
}

/** The bare databases, for a test to look into or to damage. No store may have the folder open. */
export async function withDatabases<T>(
  folder: string,
  use: (databases: Databases) => T | Promise<T>,
): Promise<T> {
  const databases = new Databases(folder, true);
  try {
    return await use(databases);
  } finally {
    await databases.close();
  }
}

/** The parts of which there are slices, of samples or of levels; of the one run in the store. */
export function storedParts({ slices }: Tables): number[] {
  const parts = [...slices.getKeys()].map((key) => (key as [string, ...number[]]).find(isPlace) as number);
  return [...new Set(parts)].sort((a, b) => a - b);
}

const isPlace = (part: string | number): part is number => typeof part === 'number' && part >= 0;

const environment = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') };

function commandOf(name: string, args: readonly (string | number)[]): string[] {
  return [join(import.meta.dirname, 'programs', `${name}.ts`), ...args.map(String)];
}

/** Runs a program of ./programs to its end, while this process stands still. */
export function runNow(name: string, ...args: (string | number)[]): void {
  execFileSync(process.execPath, commandOf(name, args), { env: environment });
}

/** Runs a program of ./programs; `lines` grows with what it prints. */
export class Program {
  readonly lines: string[] = [];
  readonly child: ChildProcessWithoutNullStreams;
  #rest = '';
  #errors = '';

  constructor(
    name: string,
    args: readonly (string | number)[],
    options: { uid?: number; gid?: number } = {},
  ) {
    this.child = spawn(process.execPath, commandOf(name, args), { ...options, env: environment });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n');
      this.#rest = lines.pop() ?? '';
      this.lines.push(...lines);
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
  }

  async line(): Promise<void> {
    while (this.lines.length === 0 && this.child.exitCode === null) {
      await Promise.race([once(this.child.stdout, 'data'), once(this.child, 'close')]);
    }
  }

  /** The exit code or the signal, and what it wrote to stderr. */
  async end(): Promise<{ code: number | NodeJS.Signals | null; errors: string }> {
    if (!this.child.stdout.closed || this.child.exitCode === null) await once(this.child, 'close');
    return { code: this.child.exitCode ?? this.child.signalCode, errors: this.#errors };
  }
}
