/** Starts the programs of known use in programs/, and reads what they say of themselves. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The line that each program prints; which fields it has, the program's own file says. */
export interface Truths {
  burn: { pid: number; threads: number; cpuSeconds: number };
  write: { pid: number; file: string; bytes: number; io: Record<string, number> };
  leak: { pid: number; keptBytes: number };
  hold: { pid: number; heldBytes: number; peakRssBytes: number };
  children: { pid: number; children: number; childrenCpuSeconds: number; cpuSeconds: number };
  daemon: { pid: number; daemonPid: number };
  'exit-at': { pid: number; startedAtMs: number; endsAtMs: number; code: number };
  threads: { pid: number; waiters: number; busySeconds: number };
  signal: { pid: number; signal: NodeJS.Signals; number: number };
  tree: { pid: number; members: { pid: number; ppid: number; comm: string }[] };
}

export type ProgramName = keyof Truths;

export interface StartedProgram<Name extends ProgramName> {
  readonly pid: number;
  /** The line, as soon as it is printed. */
  readonly truth: Promise<Truths[Name]>;
  /** How it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** The command line of a program, to be measured by `podometer run -- …`. */
export function programCommand(name: ProgramName, ...args: readonly (string | number)[]): string[] {
  return [process.execPath, join(import.meta.dirname, 'programs', `${name}.ts`), ...args.map(String)];
}

/** Starts a program as a child of this process. */
export function startProgram<Name extends ProgramName>(
  name: Name,
  ...args: readonly (string | number)[]
): StartedProgram<Name> {
  const [file = '', ...rest] = programCommand(name, ...args);
  const child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout);
  return {
    pid: child.pid ?? 0,
    truth: new Promise((resolve, reject) => {
      lines.once('line', (line) => resolve(JSON.parse(line)));
      lines.once('close', () => reject(new Error(`${name} ended and printed nothing`)));
    }),
    ended: once(child, 'close').then(([code, signal]) => ({ code, signal })),
  };
}
