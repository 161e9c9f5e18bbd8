import type { InjectOptions } from 'fastify';
import { deflater } from '../../../lib/deflater.ts';
import type { Batch } from '../../../protocol/batch.ts';
import { encodeBatch } from '../../../protocol/codec/batch-encode.ts';
import { BATCH_CONTENT_TYPE } from '../../../protocol/names.ts';
import { columnId, START_MS } from '../fake-store.ts';

export const AGENT = 'ab'.repeat(16);
export const RUN = '0199aabbccdd';

/** The first batch of a run of one second that used 0.5 s of CPU time, whole unless `change` says otherwise. */
export function oneSecond(change: Partial<Batch> = {}): Batch {
  return {
    agent: AGENT,
    sequence: 0,
    run: RUN,
    epochMs: START_MS,
    declaration: {
      workload: { kind: 'Local', name: 'train' },
      startedAtMs: START_MS,
      member: 'box',
      intervalMs: 500,
      metrics: ['performance'],
      agentVersion: '0.1.0',
    },
    containers: [],
    processes: [
      {
        index: 0,
        pid: 4242,
        parent: undefined,
        role: 'target',
        startMs: 0,
        comm: 'train',
        args: undefined,
        container: undefined,
      },
    ],
    ticks: [500, 1000],
    blocks: [
      { subject: 'process', index: 0, columns: [columnId('utimeTicks')], ticks: [0, 1], values: [[20, 50]] },
    ],
    ends: [{ index: 0, endMs: 1000, boundMs: 0, exitCode: 0 }],
    events: [],
    totals: new Map([
      [1, 1000],
      [2, 50],
    ]),
    outcome: { endedAtMs: START_MS + 1000, exitCode: 0, reason: 'exited' },
    ...change,
  };
}

export function post(payload: Uint8Array | Batch): InjectOptions {
  return {
    method: 'POST',
    url: '/v1/batches',
    headers: { 'content-type': BATCH_CONTENT_TYPE },
    payload: Buffer.from(payload instanceof Uint8Array ? payload : encodeBatch(payload, deflater)),
  };
}
