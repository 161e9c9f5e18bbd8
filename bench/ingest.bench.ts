/** Taking batches in: decoded, checked, deduplicated and durable before they are acknowledged. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accept } from '../aggregator/ingest/accept.ts';
import { openStore } from '../aggregator/store/open.ts';
import { cpuUs, type Figure, figure } from './figure.ts';
import { syntheticBatches } from './synthetic-agent.ts';

const COLUMNS = 20;
const TARGET_ROWS = 1_000_000;
const ROWS_OF_A_CASE = 1_500_000;
/** How many agents send at once. */
const AGENTS = 50;

/** By the rows of one process in a batch, and the processes of an agent. */
const CASES = [
  { rowsPerBatch: 10, processes: 1 },
  { rowsPerBatch: 10, processes: 20 },
  { rowsPerBatch: 60, processes: 1 },
  { rowsPerBatch: 60, processes: 20 },
  { rowsPerBatch: 600, processes: 1 },
] as const;

async function rowsPerCpuSecond({ rowsPerBatch, processes }: (typeof CASES)[number]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  const perAgent = Math.max(3, Math.min(400, Math.round(ROWS_OF_A_CASE / AGENTS / rowsPerBatch / processes)));
  const queues = Array.from({ length: AGENTS }, (_, i) => {
    const agent = i.toString(16).padStart(32, '0');
    const shape = { processes, columns: COLUMNS, rowsPerBatch, intervalMs: 1000, epochMs: 0 };
    const options = { ...shape, agent, run: `run-${i}`, workload: 'bench' };
    return [...syntheticBatches(options, perAgent)].map(({ bytes }) => bytes);
  });
  const store = await openStore(folder);
  try {
    const before = cpuUs();
    await Promise.all(
      queues.map(async (queue) => {
        for (const bytes of queue) await accept(store, bytes);
      }),
    );
    const seconds = (cpuUs() - before) / 1e6;
    return (AGENTS * perAgent * rowsPerBatch * processes) / seconds;
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

export async function ingestFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const one of CASES) {
    const rows = await rowsPerCpuSecond(one);
    const { rowsPerBatch, processes } = one;
    const isFull = rowsPerBatch * processes >= 600;
    figures.push(
      figure(
        `rows per CPU-second: ${rowsPerBatch} rows of ${processes} processes a batch`,
        `${Math.round(rows / 1000).toLocaleString('en')} k (${((rows * COLUMNS) / 1e6).toFixed(1)} M points)`,
        isFull ? '≥ 1,000 k' : '',
        !isFull || rows >= TARGET_ROWS,
      ),
    );
  }
  return figures;
}
