/** A store in a folder of its own, filled with made-up runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeptStore } from '../aggregator/store/model.ts';
import { openStore } from '../aggregator/store/open.ts';
import { type SyntheticOptions, syntheticBatches } from './synthetic-agent.ts';

/** Batches that are being taken in at a time. */
export const AT_ONCE = 32;

/** Both the store and its folder are gone afterwards. */
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
