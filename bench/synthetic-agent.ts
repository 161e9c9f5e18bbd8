/** Batches of long-lived processes whose counters move as those of busy services do, made without running anything. */
import { deflater } from '../lib/deflater.ts';
import type { Batch } from '../protocol/batch.ts';
import { encodeBatch } from '../protocol/codec/batch-encode.ts';
import { measureByName } from '../protocol/measures.ts';
import { type ColumnName, processColumns } from '../protocol/metrics.ts';

const WALL = measureByName('wallSeconds')?.id ?? 0;
const PROCESSES = measureByName('processes')?.id ?? 0;

export interface SyntheticOptions {
  /** 32 hexadecimal digits. */
  readonly agent: string;
  readonly run: string;
  readonly workload: string;
  /** ms since the Unix epoch. */
  readonly epochMs: number;
  readonly processes: number;
  /** Of a process: the first so many, or these. */
  readonly columns: number | readonly ColumnName[];
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
  const columns = columnsOf(options);
  const state = Array.from({ length: options.processes }, () => new Float64Array(columns.length));
  for (let sequence = 0; sequence < count; sequence++) {
    const batch = batchOf(options, sequence, sequence === count - 1, { columns, state, random });
    yield { batch, bytes: encodeBatch(batch, deflater) };
  }
}

type ProcessColumn = (typeof processColumns)[number];

function columnsOf({ columns }: SyntheticOptions): readonly ProcessColumn[] {
  if (typeof columns === 'number') return processColumns.slice(0, columns);
  return processColumns.filter(({ name }) => columns.includes(name));
}

interface Making {
  readonly columns: readonly ProcessColumn[];
  /** The last values, by process and column. */
  readonly state: readonly Float64Array[];
  readonly random: () => number;
}

function batchOf(
  options: SyntheticOptions,
  sequence: number,
  isLast: boolean,
  { columns, state, random }: Making,
): Batch {
  const { agent, run, workload, epochMs, processes, intervalMs, rowsPerBatch } = options;
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
      columns: columns.map(({ id }) => id),
      ticks: rows,
      values: valuesOf(columns, rowsPerBatch, state[index] ?? new Float64Array(columns.length), random),
    })),
    ends: [],
    events: [],
    totals: new Map([
      [WALL, (sequence + 1) * rowsPerBatch * intervalMs],
      [PROCESSES, processes],
    ]),
    ...(isLast && {
      outcome: { endedAtMs: epochMs + (sequence + 1) * rowsPerBatch * intervalMs, reason: 'unknown' },
    }),
  };
}

function valuesOf(
  columns: readonly ProcessColumn[],
  rows: number,
  last: Float64Array,
  random: () => number,
): Float64Array[] {
  return columns.map(({ kind, unit }, c) => {
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
