/** Batches as an agent would send them: every tick of process 0 counts up, so that a reader can tell what is missing. */

import { deflater } from '../../../lib/deflater.ts';
import type { Batch } from '../../../protocol/batch.ts';
import { encodeBatch } from '../../../protocol/codec/batch-encode.ts';
import type { RunDeclaration } from '../../../protocol/run.ts';

export const STARTED_AT_MS = 1_800_000_000_000;
export const TICKS_PER_BATCH = 4;
/** So few that sealing takes several parts. */
export const SEAL_BYTES = 2000;
/** Columns of every block: ids of the catalogue, whose meaning does not matter here. */
export const COLUMNS = [1, 2] as const;

export function agentId(number: number): string {
  return number.toString(16).padStart(32, '0');
}

export function declarationOf(change: Partial<RunDeclaration> = {}): RunDeclaration {
  return {
    workload: { kind: 'Local', name: 'train' },
    startedAtMs: STARTED_AT_MS,
    member: 'host-a',
    intervalMs: 1000,
    metrics: ['performance'],
    agentVersion: '0.1.0',
    ...change,
  };
}

export interface BatchOptions {
  readonly run?: string;
  readonly agent?: number;
  readonly tickMs?: number;
  /** ms from the start of the run to the agent's time zero. */
  readonly offsetMs?: number;
}

/** Batch 0 declares its run. Tick t of batch n is at (n × TICKS_PER_BATCH + t) × tickMs, its values t' and 2 × t'. */
export function batchOf(sequence: number, options: BatchOptions = {}, change: Partial<Batch> = {}): Batch {
  const { run = 'run-1', agent = 1, tickMs = 1000, offsetMs = 0 } = options;
  const counts = Array.from({ length: TICKS_PER_BATCH }, (_, tick) => sequence * TICKS_PER_BATCH + tick);
  const values = COLUMNS.map((_, c) => counts.map((count) => count * (c + 1)));
  return {
    agent: agentId(agent),
    sequence,
    run,
    epochMs: STARTED_AT_MS + offsetMs,
    ...(sequence === 0 && { declaration: declarationOf() }),
    containers: [],
    processes: sequence === 0 ? [processOf(0)] : [],
    ticks: counts.map((count) => count * tickMs),
    blocks: [{ subject: 'process', index: 0, columns: [...COLUMNS], ticks: counts.map((_, i) => i), values }],
    ends: [],
    events: [],
    totals: new Map([[1, sequence * 100]]),
    ...change,
  };
}

export function processOf(
  index: number,
  change: Partial<Batch['processes'][number]> = {},
): Batch['processes'][number] {
  return {
    index,
    pid: 100 + index,
    parent: undefined,
    role: 'target',
    startMs: -5,
    comm: `worker-${index}`,
    args: undefined,
    container: undefined,
    ...change,
  };
}

export function bytesOf(batch: Batch): Uint8Array {
  return encodeBatch(batch, deflater);
}
