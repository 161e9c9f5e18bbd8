/** Batches of long-lived processes whose counters move as those of busy services do, made without running anything. */
import { deflater } from '../lib/deflater.ts';
import type { Batch } from '../protocol/batch.ts';
import { encodeBatch } from '../protocol/codec/batch-encode.ts';
import { type ColumnName, processColumns } from '../protocol/metrics.ts';

export interface SyntheticOptions {
  /** 32 hexadecimal digits. */
  readonly agent: string;
  readonly run: string;
  readonly workload: string;
  /** ms since the Unix epoch. */
  readonly epochMs: number;
  readonly processes: number;
  /** The first of the catalogue. */
  readonly columns: number;
  /** In place of those. */
  readonly columnNames?: readonly ColumnName[];
  readonly intervalMs: number;
  readonly rowsPerBatch: number;
}

export interface SyntheticBatch {
  readonly batch: Batch;
  readonly bytes: Uint8Array;
}

/** One batch after the other; the last has an outcome. */
export function* syntheticBatches(options: SyntheticOptions, count: number): Generator<SyntheticBatch> {
  const random = randomNumbers(7);
  const state = Array.from({ length: options.processes }, () => new Float64Array(processColumns.length));
  for (let sequence = 0; sequence < count; sequence++) {
    const batch = batchOf(options, sequence, sequence === count - 1, state, random);
    yield { batch, bytes: encodeBatch(batch, deflater) };
  }
}

function batchOf(
  options: SyntheticOptions,
  sequence: number,
  isLast: boolean,
  state: readonly Float64Array[],
  random: () => number,
): Batch {
  const { agent, run, workload, epochMs, processes, columns, columnNames, intervalMs, rowsPerBatch } =
    options;
  const ids = columnNames
    ? processColumns.filter(({ name }) => columnNames.includes(name))
    : processColumns.slice(0, columns);
  const rows = Array.from({ length: rowsPerBatch }, (_, row) => row);
  const declaration = {
    workload: { kind: 'Local' as const, name: workload },
    startedAtMs: epochMs,
    member: 'host',
    intervalMs,
    metrics: ['performance'],
    agentVersion: '0',
  };
  const first = sequence === 0;
  return {
    agent,
    sequence,
    run,
    epochMs,
    ...(first && { declaration }),
    containers: [],
    processes: first ? state.map((_, index) => processOf(index)) : [],
    ticks: rows.map((row) => (sequence * rowsPerBatch + row) * intervalMs),
    blocks: Array.from({ length: processes }, (_, index) => ({
      subject: 'process' as const,
      index,
      columns: ids.map(({ id }) => id),
      ticks: rows,
      values: valuesOf(ids, rowsPerBatch, state[index] ?? new Float64Array(ids.length), random),
    })),
    ends: [],
    events: [],
    totals: new Map([[1, (sequence + 1) * rowsPerBatch * intervalMs]]),
    ...(isLast && {
      outcome: { endedAtMs: epochMs + (sequence + 1) * rowsPerBatch * intervalMs, reason: 'unknown' },
    }),
  };
}

function valuesOf(
  ids: readonly { readonly kind: string; readonly unit: string }[],
  rows: number,
  last: Float64Array,
  random: () => number,
): Float64Array[] {
  return ids.map(({ kind, unit }, c) => {
    const list = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      const before = Number(last[c]);
      const moves = random() < (kind === 'gauge' ? 0.1 : 0.4);
      const step = unit === 'By' ? 4096 * Math.ceil(random() * 64) : Math.ceil(random() * 40);
      const up = kind === 'counter' || before < 10 * step || random() < 0.5;
      last[c] = moves ? before + (up ? step : -step) : before;
      list[row] = Number(last[c]);
    }
    return list;
  });
}

function processOf(index: number): Batch['processes'][number] {
  const rest = { parent: undefined, args: undefined, container: undefined };
  return { index, pid: 1000 + index, role: 'target', startMs: 0, comm: `service-${index % 20}`, ...rest };
}

/** 0 ≤ x < 1, the same ones every time. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
