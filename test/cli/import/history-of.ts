/** What the tests of imports do with histories. */
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { KeptStore } from '../../../aggregator/store/model.ts';
import { openStore } from '../../../aggregator/store/open.ts';
import { scratchFolder } from '../sample-history.ts';

export function newFolder(t: TestContext): string {
  return join(scratchFolder(t), 'data');
}

export async function inHistory<T>(folder: string, use: (store: KeptStore) => T | Promise<T>): Promise<T> {
  const store = await openStore(folder);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}
