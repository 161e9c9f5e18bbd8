/** A report's results on their way to the agent of the same pod, over the socket of output-socket.ts. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { PodometerError } from '../../protocol/errors.ts';
import { MEASURES_SOCKET } from '../../protocol/names.ts';
import type { RunResult } from '../../protocol/results.ts';
import { resultLine } from './result-line.ts';

const RETRY_MS = 100;

/** Resolves once the agent listens: it may still be starting. Throws PODO_NO_AGENT where it does not after `patienceMs`. */
export async function waitForAgent(folder: string, patienceMs: number): Promise<void> {
  (await connected(folder, patienceMs)).destroy();
}

/** Resolves when the agent has read all of them. Throws PODO_NO_AGENT. */
export async function sendResults(
  folder: string,
  patienceMs: number,
  results: readonly RunResult[],
): Promise<void> {
  const agent = await connected(folder, patienceMs);
  const closed = once(agent, 'close');
  // It closes its side once it has read to the end of ours.
  agent.resume();
  agent.end(results.map(resultLine).join(''));
  await closed;
}

async function connected(folder: string, patienceMs: number): Promise<Socket> {
  const path = join(folder, MEASURES_SOCKET);
  for (let leftMs = patienceMs; ; leftMs -= RETRY_MS) {
    const socket = connect(path);
    try {
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      if (leftMs <= 0) throw noAgent(path, error);
      await after(RETRY_MS);
    }
  }
}

function noAgent(path: string, cause: unknown): PodometerError {
  return new PodometerError(
    'PODO_NO_AGENT',
    `No agent listens at ${path}: this pod was not injected, or does not tell figures`,
    'See the events of the pod and of the Job for why it was left alone (docs/injection.md).',
    { cause },
  );
}
