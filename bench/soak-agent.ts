/** A simulated agent: replays a recording as its own, batch by batch, each until it is acknowledged. */
import { type Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { deflater } from '../lib/deflater.ts';
import type { Batch } from '../protocol/batch.ts';
import { encodeBatch } from '../protocol/codec/batch-encode.ts';
import { BATCH_CONTENT_TYPE } from '../protocol/names.ts';

const RETRY_MS = 500;
const TIMEOUT_MS = 20_000;
/** Batches of which each agent's run consists before it begins another. */
const BATCHES_A_RUN = 40;

export interface SoakTally {
  readonly latenciesMs: number[];
  /** Answers other than 200, and requests without one, by what they were. */
  readonly failures: Map<string, number>;
  acknowledged: number;
  repeated: number;
}

/** What a run must hold in the end. */
export interface ExpectedRun {
  readonly agent: string;
  lastSequence: number;
  /** Samples of column 1 of all processes. */
  samples: number;
}

export class SoakAgent {
  readonly expected = new Map<string, ExpectedRun>();
  readonly #recording: readonly Batch[];
  readonly #port: number;
  readonly #connections: Agent;
  readonly #tally: SoakTally;
  readonly #number: number;
  #isStopped = false;
  #generation = 0;

  constructor(
    number: number,
    recording: readonly Batch[],
    port: number,
    connections: Agent,
    tally: SoakTally,
  ) {
    this.#number = number;
    this.#recording = recording;
    this.#port = port;
    this.#connections = connections;
    this.#tally = tally;
  }

  /** `everyMs`: how often it sends a batch. An end in mid-run is one of an agent that was killed. */
  async run(everyMs: number): Promise<void> {
    await delay(Math.random() * everyMs);
    while (!this.#isStopped) {
      const id = `${this.#number.toString(16)}${(this.#generation++).toString(16).padStart(6, '0')}`;
      const agent = id.padStart(32, '0');
      const length = Math.random() < 0.2 ? Math.ceil(Math.random() * BATCHES_A_RUN) : BATCHES_A_RUN;
      await this.#oneRun(agent, length, everyMs);
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #oneRun(agent: string, length: number, everyMs: number): Promise<void> {
    // A clock that is wrong by up to an hour, as an agent's may be.
    const epochMs = Date.now() + Math.round((Math.random() - 0.5) * 7_200_000);
    for (let sequence = 0; sequence < length && !this.#isStopped; sequence++) {
      const dueMs = performance.now() + everyMs;
      const batch = this.#batch(agent, sequence, epochMs, sequence === BATCHES_A_RUN - 1);
      const bytes = encodeBatch(batch, deflater);
      while (!(await this.#send(bytes))) await delay(RETRY_MS * (0.5 + Math.random()));
      this.#note(batch);
      await delay(Math.max(0, dueMs - performance.now()));
    }
  }

  #batch(agent: string, sequence: number, epochMs: number, isLast: boolean): Batch {
    const { length } = this.#recording;
    const recorded = this.#recording[sequence % length];
    const first = this.#recording[0];
    if (recorded === undefined || first?.declaration === undefined) throw new Error('nothing was recorded');
    const { declaration: _, outcome: __, ...rest } = recorded;
    const shiftMs = Math.floor(sequence / length) * (Number(this.#recording.at(-1)?.ticks.at(-1)) + 1000);
    return {
      ...rest,
      agent,
      sequence,
      run: `run-${agent}`,
      epochMs,
      ticks: Array.from(rest.ticks, (tick) => tick + shiftMs),
      ...(sequence === 0 && {
        declaration: {
          ...first.declaration,
          startedAtMs: epochMs,
          workload: { kind: 'Local', name: `soak-${this.#number % 50}` },
        },
      }),
      ...(isLast && { outcome: { endedAtMs: epochMs + 1000, reason: 'unknown' } }),
    };
  }

  #note({ agent, run, sequence, blocks }: Batch): void {
    const expected = this.expected.get(run) ?? { agent, lastSequence: -1, samples: 0 };
    expected.lastSequence = sequence;
    for (const { subject, columns, ticks } of blocks) {
      if (subject === 'process' && columns.includes(1)) expected.samples += ticks.length;
    }
    this.expected.set(run, expected);
  }

  /** Whether it was acknowledged. */
  #send(bytes: Uint8Array): Promise<boolean> {
    const startMs = performance.now();
    return new Promise((resolve) => {
      const fail = (what: string): void => {
        this.#tally.failures.set(what, (this.#tally.failures.get(what) ?? 0) + 1);
        resolve(false);
      };
      const outgoing = request(
        {
          ...{ agent: this.#connections, host: '127.0.0.1', port: this.#port },
          ...{ method: 'POST', path: '/v1/batches', timeout: TIMEOUT_MS },
          headers: { 'content-type': BATCH_CONTENT_TYPE, 'content-length': bytes.length },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', () => fail('answer cut off'));
          response.once('end', () => {
            if (response.statusCode !== 200) return fail(`status ${response.statusCode}`);
            this.#tally.latenciesMs.push(performance.now() - startMs);
            this.#tally.acknowledged += 1;
            if (JSON.parse(Buffer.concat(chunks).toString()).duplicate) this.#tally.repeated += 1;
            resolve(true);
          });
        },
      );
      outgoing.once('timeout', () => outgoing.destroy(new Error('timeout')));
      outgoing.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
      outgoing.end(bytes);
    });
  }
}
