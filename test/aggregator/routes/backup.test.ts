import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openStore } from '../../../aggregator/store/open.ts';
import { FakeStore } from '../fake-store.ts';
import { batchOf, bytesOf } from '../store/sample-batches.ts';
import { scratchFolder, scratchStore } from '../store/scratch.ts';
import { assertProblem, listen, serve } from './serving.ts';

test('GET /v1/backup answers a copy that opens as a store, and leaves nothing beside the history', async (t) => {
  const store = await scratchStore(t);
  await store.append(bytesOf(batchOf(0)), batchOf(0));
  const files = readdirSync(store.folder);
  const response = await (await serve(store)).inject('/v1/backup');
  assert.equal(response.statusCode, 200);
  assert.equal(Number(response.headers['content-length']), response.rawPayload.length);
  assert.deepEqual(readdirSync(store.folder), files);
  const folder = join(scratchFolder(t), 'copy');
  mkdirSync(folder);
  writeFileSync(join(folder, 'data.mdb'), response.rawPayload);
  const copy = await openStore(folder, { readOnly: true });
  assert.deepEqual([...copy.runs()], [...store.runs()]);
  await copy.close();
});

test('one backup is made at a time; where its client has gone, the copy is closed and the next can be made', async (t) => {
  const store = new FakeStore();
  const opened: FileHandle[] = [];
  const asked = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  store.openBackup = async () => {
    asked.resolve();
    await held.promise;
    const file = await open(import.meta.filename);
    opened.push(file);
    return file;
  };
  const app = await serve(store);
  const url = await listen(t, app);
  const leaving = new AbortController();
  const first = fetch(`${url}/v1/backup`, { signal: leaving.signal }).catch(() => undefined);
  await asked.promise;
  assertProblem(await app.inject('/v1/backup'), 'PODO_BUSY', /backup is being made already/);
  leaving.abort();
  await first;
  held.resolve();
  const again = async () => (await app.inject('/v1/backup')).statusCode;
  while ((await again()) !== 200) await new Promise((resolve) => setTimeout(resolve, 5));
  while (opened.some(({ fd }) => fd !== -1)) await new Promise((resolve) => setTimeout(resolve, 5));
});
