import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { DRAFT_PATIENCE_MS } from '../../../aggregator/store/keys.ts';
import type { KeptStore } from '../../../aggregator/store/model.ts';
import { openStore } from '../../../aggregator/store/open.ts';
import { agentId, batchOf, bytesOf, declarationOf, SEAL_BYTES, STARTED_AT_MS } from './sample-batches.ts';
import { runNow, scratchFolder, scratchStore, withDatabases } from './scratch.ts';

const OLD_STORE = join(import.meta.dirname, '../../fixtures/store-version-1/data.mdb.gz');

async function append(store: KeptStore, ...batches: ReturnType<typeof batchOf>[]): Promise<void> {
  for (const batch of batches) await store.append(bytesOf(batch), batch);
}

async function appendMany(store: KeptStore, count: number, agent = 1): Promise<void> {
  await append(
    store,
    ...Array.from({ length: count }, (_, sequence) => batchOf(sequence, { agent, tickMs: 9000 })),
  );
}

/** All that can be read of a run but for its number. */
function contentOf(store: KeptStore, id: string): unknown {
  const { number: _, ...record } = store.run(id) ?? { number: 0 };
  const series = store.series(id, { columns: [1, 2] });
  const coarse = store.series(id, { columns: [1, 2], resolutionMs: 60_000 });
  return [record, store.directory(id), series, coarse, store.footprint(id)];
}

/** A store with a run of two members, of which some is sealed and some waits in the log. */
async function sourceStore(t: TestContext): Promise<KeptStore> {
  const store = await scratchStore(t, undefined, { sealBytes: SEAL_BYTES });
  await appendMany(store, 30);
  await appendMany(store, 30, 2);
  await store.seal('run-1');
  await append(store, batchOf(30, { tickMs: 9000 }));
  await store.update('run-1', (run) => ({
    ...run,
    tags: { commit: 'abc' },
    note: 'the first',
    pinned: true,
  }));
  return store;
}

test('a run is copied with everything that is known of it, and gets the next number here', async (t) => {
  const source = await sourceStore(t);
  const into = await scratchStore(t);
  const declaration = declarationOf({ startedAtMs: STARTED_AT_MS - 1 });
  await append(into, batchOf(0, { run: 'own', agent: 7 }, { declaration }));
  assert.equal(await into.copy('run-1', source.origin()), 'added');
  assert.deepEqual(contentOf(into, 'run-1'), contentOf(source, 'run-1'));
  assert.deepEqual(into.run('run-1')?.number, 2);
  assert.equal(into.runByNumber('train', 2)?.id, 'run-1');
  assert.deepEqual(
    [...into.runs()].map(({ id }) => id),
    ['run-1', 'own'],
  );
  assert.deepEqual(into.check().damage, []);
});

test('what was copied goes on like any run: batches, sealing, removal', async (t) => {
  const source = await sourceStore(t);
  const into = await scratchStore(t);
  await into.copy('run-1', source.origin());
  for (const store of [source, into]) {
    await append(store, batchOf(31, { tickMs: 9000 }));
    await store.seal('run-1');
  }
  const read = (store: KeptStore) => store.series('run-1', { columns: [1, 2] });
  assert.deepEqual(read(into), read(source));
  await into.remove('run-1');
  await into.close();
  await withDatabases(into.folder, ({ tables }) => {
    for (const table of [tables.log, tables.slices, tables.directories, tables.sweeps, tables.agents])
      assert.equal(table.getKeysCount(), 0);
  });
});

test('a run that is here already is left as it is', async (t) => {
  const source = await sourceStore(t);
  const into = await scratchStore(t);
  await append(into, batchOf(0));
  const before = contentOf(into, 'run-1');
  assert.equal(await into.copy('run-1', source.origin()), 'repeated');
  assert.deepEqual(contentOf(into, 'run-1'), before);
});

test('what another copy of a run has left half done is no part of it', async (t) => {
  const source = await sourceStore(t);
  const folder = scratchFolder(t);
  await (await scratchStore(t, folder)).close();
  await withDatabases(folder, async (databases) => {
    await databases.transaction(({ slices, log, sweeps }) => {
      slices.put(['run-1', 0, 12_345], Uint8Array.of(1, 2, 3));
      log.put(['run-1', 0, 31], Uint8Array.of(4));
      sweeps.put('run-1', { copier: 'one that died', atMs: Date.now() });
    });
  });
  const into = await scratchStore(t, folder);
  assert.equal(await into.copy('run-1', source.origin()), 'added');
  assert.deepEqual(contentOf(into, 'run-1'), contentOf(source, 'run-1'));
  const counts = async (store: KeptStore) => {
    await store.close();
    return withDatabases(store.folder, ({ tables: { slices, log } }) =>
      [slices, log].map((one) => one.getKeysCount()),
    );
  };
  assert.deepEqual(await counts(into), await counts(source));
});

test('a run of which a member is one of another run here is refused, and nothing of it stays', async (t) => {
  const source = await sourceStore(t);
  const into = await scratchStore(t);
  await append(into, batchOf(0, { run: 'other', agent: 2 }));
  await assert.rejects(into.copy('run-1', source.origin()), {
    code: 'PODO_IMPORT_MALFORMED',
    message: `Agent ${agentId(2)} of run run-1 is one of run other here`,
  });
  assert.equal(into.run('run-1'), undefined);
  await into.close();
  await withDatabases(into.folder, ({ tables }) => {
    assert.equal(tables.slices.getKeysCount() + tables.sweeps.getKeysCount(), 0);
    assert.equal(tables.log.getKeysCount(), 1);
  });
});

test('pods and how a workload ended are copied', async (t) => {
  const source = await scratchStore(t);
  const declaration = declarationOf({
    workload: { kind: 'Job', name: 'train', namespace: 'lab' },
    podUid: 'uid-1',
  });
  await append(source, batchOf(0, {}, { declaration }));
  await source.noteCluster('run-1', {
    pods: [{ uid: 'uid-1', name: 'train-x', phase: 'Failed', containers: [] }],
    ending: { endedAtMs: STARTED_AT_MS + 5000, reason: 'failed', cause: 'DeadlineExceeded' },
    concluded: { atMs: STARTED_AT_MS + 6000, regression: 'It took longer.' },
  });
  const into = await scratchStore(t);
  await into.copy('run-1', source.origin());
  assert.deepEqual(contentOf(into, 'run-1'), contentOf(source, 'run-1'));
  assert.equal(into.run('run-1')?.pods?.length, 1);
});

test('runs of a store of version 1 are copied, and that store stays as it is', async (t) => {
  const folder = scratchFolder(t);
  writeFileSync(join(folder, 'data.mdb'), gunzipSync(readFileSync(OLD_STORE)));
  const before = readFileSync(join(folder, 'data.mdb'));
  const source = await scratchStore(t, folder, { readOnly: true });
  const into = await scratchStore(t);
  for (const id of ['run-1', 'run-2']) {
    await into.copy(id, source.origin());
    assert.deepEqual(contentOf(into, id), contentOf(source, id), id);
  }
  assert.deepEqual(into.check().damage, []);
  assert.deepEqual(readFileSync(join(folder, 'data.mdb')), before);
});

test('a run that another process seals while it is copied is copied as it is then', async (t) => {
  const source = await scratchStore(t, undefined, { sealBytes: SEAL_BYTES });
  await appendMany(source, 40);
  const before = contentOf(source, 'run-1');
  const into = await scratchStore(t);
  const origin = source.origin();
  const listed = origin.bulkKeys.bind(origin);
  let looks = 0;
  t.mock.method(origin, 'bulkKeys', (image: Parameters<typeof listed>[0]) => {
    const keys = listed(image);
    if (looks === 0) runNow('seal-and-die', source.folder, 'run-1', 10_000);
    looks += 1;
    return keys;
  });
  assert.equal(await into.copy('run-1', origin), 'added');
  assert.equal(looks, 2);
  assert.notDeepEqual(contentOf(source, 'run-1'), before);
  assert.deepEqual(contentOf(into, 'run-1'), contentOf(source, 'run-1'));
  await into.close();
  await withDatabases(into.folder, ({ tables }) => assert.equal(tables.log.getKeysCount(), 0));
});

test('a run that is not there, or removed meanwhile, is told and leaves nothing', async (t) => {
  const source = await sourceStore(t);
  const into = await scratchStore(t);
  await assert.rejects(into.copy('run-9', source.origin()), { code: 'PODO_RUN_NOT_FOUND' });
  const origin = source.origin();
  t.mock.method(origin, 'bytes', () => undefined);
  const copied = into.copy('run-1', origin);
  await source.remove('run-1');
  await assert.rejects(copied, { code: 'PODO_RUN_NOT_FOUND', message: /was removed/ });
  await into.close();
  await withDatabases(into.folder, ({ tables }) =>
    assert.equal(tables.slices.getKeysCount() + tables.sweeps.getKeysCount(), 0),
  );
});

test('a draft that is worked on is not swept by another process; one that was left for long is', async (t) => {
  const source = await sourceStore(t);
  let nowMs = Date.now();
  const into = await openStore(scratchFolder(t), { clock: { wallMs: () => nowMs } });
  t.after(() => into.close());
  await append(into, batchOf(0, { run: 'own', agent: 7 }), batchOf(0, { run: 'own-2', agent: 8 }));
  const origin = source.origin();
  const read = origin.bytes.bind(origin);
  const removals = ['own', 'own-2'];
  const mockedRead = t.mock.method(origin, 'bytes', (key: Parameters<typeof read>[0]) => {
    if (mockedRead.mock.callCount() === 3) runNow('remove', into.folder, removals.shift() ?? '');
    return read(key);
  });
  assert.equal(await into.copy('run-1', origin), 'added');
  assert.deepEqual(contentOf(into, 'run-1'), contentOf(source, 'run-1'));
  await into.remove('run-1');
  nowMs -= DRAFT_PATIENCE_MS;
  mockedRead.mock.resetCalls();
  await assert.rejects(into.copy('run-1', origin), {
    code: 'PODO_BUSY',
    message: /Run run-1 is being taken in/,
  });
  assert.deepEqual(removals, []);
  assert.equal(into.run('run-1'), undefined);
});
