import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../../aggregator/store/model.ts';
import { batchOf, bytesOf, declarationOf, STARTED_AT_MS } from './sample-batches.ts';
import { scratchFolder, scratchStore, withDatabases } from './scratch.ts';

async function addRun(store: Store, number: number, workload: string, afterMs: number): Promise<void> {
  const declaration = declarationOf({
    workload: { kind: 'Local', name: workload },
    startedAtMs: STARTED_AT_MS + afterMs,
  });
  const batch = batchOf(0, { run: `run-${number}`, agent: number }, { declaration });
  await store.append(bytesOf(batch), batch);
}

test('runs are listed newest first, of all workloads or of one', async (t) => {
  const store = await scratchStore(t);
  await addRun(store, 1, 'train', 0);
  await addRun(store, 2, 'serve', 2000);
  await addRun(store, 3, 'train', 1000);
  await addRun(store, 4, 'train-more', 1500);
  const ids = (workload?: string) =>
    [...store.runs(workload === undefined ? {} : { workload })].map((run) => run.id);
  assert.deepEqual(ids(), ['run-2', 'run-4', 'run-3', 'run-1']);
  assert.deepEqual(ids('train'), ['run-3', 'run-1']);
  assert.deepEqual(ids('nothing'), []);
});

test('a list may be left early and read slowly while runs come and go', async (t) => {
  const store = await scratchStore(t);
  for (const number of [1, 2, 3]) await addRun(store, number, 'train', number);
  for (const run of store.runs()) {
    assert.equal(run.id, 'run-3');
    break;
  }
  const seen: string[] = [];
  for (const run of store.runs()) {
    seen.push(run.id);
    if (run.id === 'run-3') await store.remove('run-2');
  }
  assert.deepEqual(seen, ['run-3', 'run-1']);
});

test('a number is found only where it is a run', async (t) => {
  const store = await scratchStore(t);
  await addRun(store, 1, 'train', 0);
  assert.equal(store.runByNumber('train', 1)?.id, 'run-1');
  assert.deepEqual(
    [0, 2, -1].map((number) => store.runByNumber('train', number)),
    [undefined, undefined, undefined],
  );
});

test('an update changes tags, note and pin, and nothing that others rely on', async (t) => {
  const store = await scratchStore(t);
  await addRun(store, 1, 'train', 0);
  const changed = await store.update('run-1', (run) => ({
    ...run,
    tags: { a: 'b' },
    note: 'slow',
    pinned: true,
    number: 9,
    startedAtMs: 1,
  }));
  assert.deepEqual(
    [changed.tags, changed.note, changed.pinned, changed.number],
    [{ a: 'b' }, 'slow', true, 1],
  );
  assert.deepEqual(store.run('run-1'), changed);
  const { note: _, ...without } = changed;
  assert.equal((await store.update('run-1', () => without)).note, undefined);
  await assert.rejects(
    store.update('run-2', (run) => run),
    { code: 'PODO_RUN_NOT_FOUND' },
  );
});

test('an update that throws changes nothing', async (t) => {
  const store = await scratchStore(t);
  await addRun(store, 1, 'train', 0);
  const before = store.run('run-1');
  await assert.rejects(
    store.update('run-1', () => {
      throw new RangeError('no');
    }),
    { code: 'PODO_INTERNAL' },
  );
  assert.deepEqual(store.run('run-1'), before);
});

test('a removed run leaves nothing behind, and its number is not given again', async (t) => {
  const folder = scratchFolder(t);
  const store = await scratchStore(t, folder);
  await addRun(store, 1, 'train', 0);
  await addRun(store, 2, 'train', 1);
  for (let sequence = 1; sequence < 1200; sequence++) {
    const batch = batchOf(sequence, { run: 'run-2', agent: 2 });
    void store.append(bytesOf(batch), batch);
  }
  const last = batchOf(1200, { run: 'run-2', agent: 2 });
  await store.append(bytesOf(last), last);
  await store.seal('run-2');
  const later = batchOf(1201, { run: 'run-2', agent: 2 });
  await store.append(bytesOf(later), later);
  await store.remove('run-2');
  assert.equal(store.runByNumber('train', 2), undefined);
  await addRun(store, 3, 'train', 2);
  assert.equal(store.run('run-3')?.number, 3);
  await assert.rejects(store.remove('run-2'), { code: 'PODO_RUN_NOT_FOUND' });
  await store.close();
  await withDatabases(folder, ({ tables }) => {
    assert.deepEqual(
      [...tables.log.getKeys()],
      [
        ['run-1', 0, 0],
        ['run-3', 0, 0],
      ],
    );
    for (const table of [tables.slices, tables.directories, tables.sweeps])
      assert.equal(table.getKeysCount(), 0);
    assert.equal(tables.agents.getKeysCount(), 2);
  });
});
