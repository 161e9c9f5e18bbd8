/** Runs the command line of this process: gives it what a process has. */
import { homedir } from 'node:os';
import { isatty } from 'node:tty';
import { systemClock } from '../lib/clock.ts';
import { runCommandLine } from './command-line.ts';
import { processOutput } from './process-output.ts';

/** `isKubectlPlugin`: called as `kubectl podometer`. */
export async function runProgram(isKubectlPlugin: boolean): Promise<void> {
  const { env } = process;
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    stdout: processOutput({ fd: 1, env, dropFailures: false, terminal: () => process.stdout }),
    stderr: processOutput({ fd: 2, env, dropFailures: true, terminal: () => process.stderr }),
    env,
    cwd: process.cwd(),
    homeFolder: homeFolder(),
    platform: process.platform,
    isKubectlPlugin,
    clock: systemClock,
    readInput: async () => (await import('node:stream/consumers')).text(process.stdin),
    ask: isatty(0) && isatty(2) ? askAtTerminal : undefined,
  });
}

/** A container may run as a user that the system does not know; its data is then named, or stays where it runs. */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return process.cwd();
  }
}

/** Resolves to nothing where the question is left with Ctrl-C or Ctrl-D. */
async function askAtTerminal(question: string): Promise<string> {
  const { createInterface } = await import('node:readline');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    terminal.once('close', () => resolve(''));
    terminal.question(question, (answer) => {
      resolve(answer);
      terminal.close();
    });
  });
}
