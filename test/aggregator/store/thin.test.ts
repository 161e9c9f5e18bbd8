import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ColumnSeries, KeptStore } from '../../../aggregator/store/model.ts';
import { columnByName } from '../../../protocol/metrics.ts';
import { batchOf, bytesOf, processOf } from './sample-batches.ts';
import { scratchFolder, scratchStore, withDatabases } from './scratch.ts';

const CPU = Number(columnByName('utimeTicks')?.id);
const BATCHES = 60;

/** 240 s of one counter that grows by 7 a second. */
async function append(store: KeptStore, from: number, to: number): Promise<void> {
  for (let sequence = from; sequence < to; sequence++) {
    const values = [[0, 1, 2, 3].map((i) => 7 * (4 * sequence + i))];
    const block = { subject: 'process', index: 0, columns: [CPU], ticks: [0, 1, 2, 3], values } as const;
    const batch = batchOf(sequence, {}, { blocks: [block] });
    await store.append(bytesOf(batch), batch);
  }
}

async function sealed(t: TestContext, folder = scratchFolder(t)): Promise<KeptStore> {
  const store = await scratchStore(t, folder);
  await append(store, 0, BATCHES);
  await store.seal('run-1');
  return store;
}

const cpu = (store: KeptStore): ColumnSeries | undefined => store.series('run-1', { columns: [CPU] })[0];

test('a run that is thinned to levels still tells its growth and its rates', async (t) => {
  const store = await sealed(t);
  const before = store.footprint('run-1');
  assert.ok(before.samples > 0 && before.levels > 0 && before.directory > 0);
  assert.equal(before.log, 0);
  await store.thin('run-1', 'levels');
  const series = cpu(store);
  assert.deepEqual([series?.values[0], series?.values.at(-1)], [0, 7 * (4 * BATCHES - 1)]);
  assert.ok(Number(series?.values.length) < 40);
  assert.equal(series?.spread?.high[0], 7);
  assert.equal(store.run('run-1')?.thinned, 'levels');
  assert.deepEqual(store.footprint('run-1'), { ...before, samples: 0 });
});

test('a summary keeps the run, its totals and its processes, and no samples', async (t) => {
  const folder = scratchFolder(t);
  const store = await sealed(t, folder);
  const [record, directory] = [store.run('run-1'), store.directory('run-1')];
  await store.thin('run-1', 'summary');
  assert.equal(cpu(store), undefined);
  assert.deepEqual(store.run('run-1'), { ...record, thinned: 'summary' });
  assert.deepEqual(store.directory('run-1'), directory);
  await store.close();
  await withDatabases(folder, ({ tables }) => assert.equal(tables.slices.getKeysCount(), 0));
});

test('samples that come after a run was thinned are kept', async (t) => {
  const store = await sealed(t);
  await store.thin('run-1', 'summary');
  await append(store, BATCHES, BATCHES + 2);
  assert.equal(cpu(store)?.values.length, 8);
  await store.seal('run-1');
  assert.equal(cpu(store)?.values.length, 8);
  assert.equal(store.run('run-1')?.thinned, undefined);
});

test('a part too short for levels keeps its samples', async (t) => {
  const store = await scratchStore(t);
  await append(store, 0, 3);
  await store.seal('run-1');
  const before = cpu(store);
  await store.thin('run-1', 'levels');
  assert.deepEqual(cpu(store), before);
});

test('of processes too short for levels the samples stay, and count as what the run takes', async (t) => {
  const store = await scratchStore(t);
  for (let sequence = 0; sequence < BATCHES; sequence++) {
    const values = [[7, 8, 9, 10].map((used) => used + sequence)];
    const block = {
      subject: 'process',
      index: sequence,
      columns: [CPU],
      ticks: [0, 1, 2, 3],
      values,
    } as const;
    const batch = batchOf(sequence, {}, { blocks: [block], processes: [processOf(sequence)] });
    await store.append(bytesOf(batch), batch);
  }
  await store.seal('run-1');
  const [before, footprint] = [store.series('run-1', { columns: [CPU] }), store.footprint('run-1')];
  assert.equal(footprint.levels, 0);
  await store.thin('run-1', 'levels');
  assert.deepEqual(store.series('run-1', { columns: [CPU] }), before);
  assert.deepEqual(store.footprint('run-1'), footprint);
});

test('the store tells what its history takes, and that what is deleted is free again', async (t) => {
  const store = await sealed(t);
  const full = store.usage();
  assert.ok(full.usedBytes > 0 && full.diskFreeBytes > 0);
  await store.remove('run-1');
  assert.ok(store.usage().usedBytes < full.usedBytes);
  assert.ok(store.usage().reusableBytes > full.reusableBytes);
});
