/** A real store behind a server that can be told to misbehave. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPush, type PushOptions, type PushPace } from '../../../agent/push/open-push.ts';
import type { PushSink } from '../../../agent/push/push-sink.ts';
import { accept } from '../../../aggregator/ingest/accept.ts';
import type { Store } from '../../../aggregator/store/model.ts';
import { openStore } from '../../../aggregator/store/open.ts';
import { systemClock } from '../../../lib/clock.ts';
import { agentId, batchOf, bytesOf } from '../../aggregator/store/sample-batches.ts';

/**
 * What becomes of one request. `cut`: the batch is kept, and the connection ends in place of an answer. `slow`: the answer
 * takes a quarter of a second.
 */
export type Fault =
  | 'cut'
  | 'cut-early'
  | 'silent'
  | 'slow'
  | { readonly status: number; readonly retryAfter?: string };

export class FaultyAggregator {
  readonly store: Store;
  /** For the next requests, one each; then it behaves. */
  readonly faults: Fault[] = [];
  /** What becomes of a request that has no fault of its own. */
  otherwise: () => Fault | undefined = () => undefined;
  /** The Authorization header and time of every request. */
  readonly requests: { readonly authorization: string | undefined; readonly atMs: number }[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  constructor(store: Store) {
    this.store = store;
  }

  /** `port`: 0 for any. */
  async listen(port = 0): Promise<URL> {
    await new Promise<void>((resolve) => {
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return new URL(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests.push({ authorization: request.headers.authorization, atMs: performance.now() });
    const fault = this.faults.shift() ?? this.otherwise();
    const socket: Socket = request.socket;
    if (fault === 'cut-early') return void socket.destroy();
    const body = await buffer(request);
    if (fault === 'silent') return;
    if (fault === 'slow') await sleep(SLOW_MS);
    if (typeof fault === 'object') {
      response.writeHead(fault.status, fault.retryAfter ? { 'retry-after': fault.retryAfter } : {});
      return void response.end('{"code":"PODO_TEST","detail":"as told"}');
    }
    try {
      await accept(this.store, body);
      if (fault === 'cut') socket.destroy();
      else response.writeHead(200).end('{}');
    } catch (error) {
      response.writeHead((error as { status?: number }).status ?? 500).end();
    }
  }
}

export interface Scene {
  readonly aggregator: FaultyAggregator;
  readonly folder: string;
  readonly spool: string;
  readonly logged: string[];
  /** An agent's sink; `number` tells agents apart. */
  agent(number: number, change?: Partial<PushOptions>): PushSink;
}

const SLOW_MS = 250;

/** Of the agents of a scene, where a test has no other. */
export const pace: PushPace = { firstMs: 5, mostMs: 20, timeoutMs: 200, deniedMs: 60_000 };

/** A store, a spool, and an aggregator that is told where to listen by `listen`. */
export async function scene(t: TestContext): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  const store = await openStore(join(folder, 'data'));
  const aggregator = new FaultyAggregator(store);
  const spool = join(folder, 'spool');
  const logged: string[] = [];
  t.after(async () => {
    await aggregator.stop();
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return {
    aggregator,
    folder,
    spool,
    logged,
    agent: (number, change) =>
      openPush({
        agent: agentId(number),
        url: undefined,
        ca: undefined,
        tokenFile: undefined,
        spoolFolder: spool,
        spoolBytes: 1024 * 1024,
        clock: systemClock,
        log: (message) => logged.push(message),
        pace,
        ...change,
      }),
  };
}

/** Gives the sink batches `from` to `to` of an agent, both included. */
export async function pushBatches(sink: PushSink, from: number, to: number, agent = 1): Promise<void> {
  for (let sequence = from; sequence <= to; sequence++) {
    await sink.push(bytesOf(batchOf(sequence, { agent })));
  }
}

/** Column 1 of process 0 as the store has it, by member: 0, 1, 2, … where nothing is missing and nothing is there twice. */
export function valuesOf(store: Store): number[][] {
  return store.series('run-1', { columns: [1] }).map(({ values }) => [...values]);
}

export function countTo(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
