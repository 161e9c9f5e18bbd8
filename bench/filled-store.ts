/** A store in a folder of its own, and runs in it that were made up by numbers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeptStore } from '../aggregator/store/model.ts';
import { openStore } from '../aggregator/store/open.ts';
import { type SyntheticOptions, syntheticBatches } from './synthetic-agent.ts';

export async function withStore<T>(use: (store: KeptStore, folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  const store = await openStore(folder);
  try {
    return await use(store, folder);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

export function optionsOf(run: number, change: Partial<SyntheticOptions>): SyntheticOptions {
  return {
    agent: run.toString(16).padStart(32, '0'),
    run: `run-${run}`,
    workload: `workload-${run % 20}`,
    epochMs: run * 1000,
    processes: 1,
    columns: 20,
    intervalMs: 1000,
    rowsPerBatch: 10,
    ...change,
  };
}

export const AT_ONCE = 32;

export async function fill(store: KeptStore, options: SyntheticOptions, batches: number): Promise<void> {
  let waiting: Promise<unknown>[] = [];
  for (const { batch, bytes } of syntheticBatches(options, batches)) {
    waiting.push(store.append(bytes, batch));
    if (waiting.length < AT_ONCE) continue;
    await Promise.all(waiting);
    waiting = [];
  }
  await Promise.all(waiting);
}
