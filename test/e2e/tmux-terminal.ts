/** A terminal of 60 columns with a shell line in it, in a tmux server of its own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from './measured.ts';

export const noTmux = spawnSync('tmux', ['-V']).status === 0 ? false : 'tmux is not installed';

const PATIENCE_MS = 20_000;

export interface Terminal {
  /** Lines without what is blank at their ends. */
  screen(): string;
  /** Resolves to the screen as soon as it matches. */
  shows(pattern: RegExp): Promise<string>;
  /** In tmux's names: `C-c`, `Enter`. */
  press(key: string): void;
}

export function openTerminal(t: TestContext, line: string): Terminal {
  // Its server has to end before its folder goes.
  t.after(() => tmux('kill-server'));
  const socket = join(temporaryFolder(t), 'tmux');
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' });
  // The shell stays after the line, so that the last screen can be read.
  tmux(
    'new-session',
    '-d',
    '-x',
    '60',
    '-y',
    '20',
    'sh',
    '-c',
    `trap : INT; ${line}; echo ended with $?; exec cat`,
  );
  const screen = (): string => tmux('capture-pane', '-p').replace(/\s+$/, '');
  return {
    screen,
    shows: async (pattern) => {
      for (let waited = 0; waited < PATIENCE_MS; waited += 50) {
        if (pattern.test(screen())) return screen();
        await sleep(50);
      }
      throw new Error(`the terminal never shows ${pattern}:\n${screen()}`);
    },
    press: (key) => void tmux('send-keys', key),
  };
}
