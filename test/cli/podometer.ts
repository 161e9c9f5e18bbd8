/** Runs command lines: in this process with pretended surroundings, or as a child where exits and pipes matter. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { CommandContext, Output } from '../../cli/command.ts';
import { runCommandLine } from '../../cli/command-line.ts';
import type { Clock } from '../../lib/clock.ts';
import { STARTED_AT_MS } from './sample-history.ts';

export const MAIN = join(import.meta.dirname, '../../cli/main.ts');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Pretended {
  readonly columns?: number;
  readonly colour?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly answer?: string;
  readonly cwd?: string;
  readonly input?: string;
  readonly isKubectlPlugin?: boolean;
  readonly clock?: Clock;
}

/** `columns` given: at a terminal. The time is ten minutes after the first sample run. */
export async function podometer(argv: readonly string[], pretended: Pretended = {}): Promise<Ended> {
  const stdout = new Kept(pretended);
  const stderr = new Kept(pretended);
  const code = await runCommandLine(argv, { ...pretendedContext(pretended), stdout, stderr });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

/** What a command is given of its surroundings. */
export function pretendedContext(pretended: Pretended = {}): CommandContext {
  const { answer } = pretended;
  return {
    stdout: new Kept(pretended),
    stderr: new Kept(pretended),
    env: pretended.env ?? {},
    cwd: pretended.cwd ?? '/nowhere',
    homeFolder: '/nowhere',
    platform: 'linux',
    isKubectlPlugin: pretended.isKubectlPlugin ?? false,
    clock: pretended.clock ?? { monotonicMs: () => 0, wallMs: () => STARTED_AT_MS + 600_000 },
    readInput: async () => pretended.input ?? '',
    ask: answer === undefined ? undefined : async () => answer,
  };
}

class Kept implements Output {
  readonly closed = false;
  readonly isTty: boolean;
  readonly columns: number;
  readonly colour: boolean;
  text = '';

  constructor({ columns, colour = false }: Pretended) {
    this.isTty = columns !== undefined;
    this.columns = columns ?? Number.POSITIVE_INFINITY;
    this.colour = colour;
  }

  write(text: string | Uint8Array): void {
    this.text += Buffer.from(text).toString();
  }
}

export function startPodometer(
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [MAIN, ...argv], {
    env: { PATH: process.env.PATH, HOME: '/nowhere', ...env },
  });
}

export async function podometerProcess(argv: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> {
  const child = startPodometer(argv, env);
  child.stdin.end();
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}
