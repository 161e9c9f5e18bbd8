import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { open } from 'lmdb';
import { FORMAT_KEY, FORMAT_VERSION, type Format } from '../../../aggregator/store/keys.ts';
import type { Store } from '../../../aggregator/store/model.ts';
import { environmentOptions } from '../../../aggregator/store/tables.ts';
import { batchOf, bytesOf, TICKS_PER_BATCH } from './sample-batches.ts';
import { scratchFolder, scratchStore } from './scratch.ts';

const FIXTURE = join(import.meta.dirname, '../../fixtures/store-version-1/data.mdb.gz');
const TICK_MS = 10_000;
/** Of run 1, batches in slices and in the log. */
const ROWS = 41 * TICKS_PER_BATCH;

function oldFolder(t: TestContext): string {
  const folder = scratchFolder(t);
  writeFileSync(join(folder, 'data.mdb'), gunzipSync(readFileSync(FIXTURE)));
  return folder;
}

const valuesFrom = (store: Store, fromMs?: number) => [
  ...(store.series('run-1', { columns: [2], ...(fromMs !== undefined && { fromMs }) })[0]?.values ?? []),
];

/** Column 2 counts by twos. */
const counted = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => (from + i) * 2);

function requireOldHistory(store: Store): void {
  const run = store.run('run-1');
  assert.deepEqual([run?.tags.commit, run?.note, run?.pinned], ['abc', 'the first', true]);
  assert.deepEqual(valuesFrom(store), counted(0, ROWS));
  for (const row of [1, 29, 30, 31, 45, 100, 159, 161])
    assert.deepEqual(valuesFrom(store, row * TICK_MS), counted(row, ROWS), `from row ${row} on`);
  assert.deepEqual(
    store.directory('run-1').processes.map(({ comm }) => comm),
    ['worker-0'],
  );
  assert.equal(store.series('run-2', { columns: [1] })[0]?.values.length, TICKS_PER_BATCH);
}

/** As a program that knows nothing of us reads it. */
async function versionIn(folder: string): Promise<number> {
  const root = open(folder, { ...environmentOptions, readOnly: true });
  const { version } = root.openDB<Format, string>({ name: 'meta' }).get(FORMAT_KEY) ?? {
    version: Number.NaN,
  };
  await root.close();
  return version;
}

test('a history of the oldest version is read as it is, and not changed by who only reads', async (t) => {
  const folder = oldFolder(t);
  const before = readFileSync(join(folder, 'data.mdb'));
  const store = await scratchStore(t, folder, { readOnly: true });
  requireOldHistory(store);
  assert.deepEqual(store.check().damage, []);
  await store.close();
  assert.equal(await versionIn(folder), 1);
  assert.deepEqual(readFileSync(join(folder, 'data.mdb')), before);
});

test('a history of the oldest version is gone on with as one of the present one', async (t) => {
  const folder = oldFolder(t);
  const store = await scratchStore(t, folder);
  requireOldHistory(store);
  const next = batchOf(41, { tickMs: TICK_MS });
  await store.append(bytesOf(next), next);
  await store.seal('run-1');
  assert.equal(store.run('run-1')?.sealed, true);
  assert.deepEqual(valuesFrom(store), counted(0, ROWS + TICKS_PER_BATCH));
  assert.deepEqual(valuesFrom(store, 163 * TICK_MS), counted(163, ROWS + TICKS_PER_BATCH));
  await store.close();
  assert.equal(await versionIn(folder), FORMAT_VERSION);
});
