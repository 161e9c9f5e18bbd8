/** The thread of launcher.ts: starts a command, then does nothing until the gate opens. */
import { spawn } from 'node:child_process';
import { parentPort } from 'node:worker_threads';
import { systemClock } from '../lib/clock.ts';
import { systemCode } from '../lib/errors.ts';
import type { LaunchMessage, LaunchRequest } from './launcher.ts';

parentPort?.on('message', launch);

function launch({ command, env, gate, stdout, stderr }: LaunchRequest): void {
  const [file = '', ...args] = command;
  try {
    const startedMonotonicMs = systemClock.monotonicMs();
    const child = spawn(file, args, { stdio: [0, stdout, stderr], env });
    child.once('error', fail);
    child.once('exit', (code, signal) => say({ kind: 'exited', code, signal }));
    child.once('spawn', () => {
      say({ kind: 'started', pid: child.pid ?? 0, startedMonotonicMs });
      Atomics.wait(gate, 0, 0);
    });
  } catch (error) {
    fail(error as Error);
  }
}

function fail(error: Error): void {
  say({ kind: 'failed', code: systemCode(error), message: error.message });
}

function say(message: LaunchMessage): void {
  parentPort?.postMessage(message);
}
