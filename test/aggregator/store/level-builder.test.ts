import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Buckets, downsampleCounter, downsampleGauge } from '../../../aggregator/query/downsample.ts';
import { levelRange } from '../../../aggregator/store/keys.ts';
import { levelWidths } from '../../../aggregator/store/level-builder.ts';
import type { ColumnSeries, Store } from '../../../aggregator/store/model.ts';
import { columnByName } from '../../../protocol/metrics.ts';
import { batchOf, bytesOf, TICKS_PER_BATCH } from './sample-batches.ts';
import { scratchFolder, scratchStore, withDatabases } from './scratch.ts';

const CPU = Number(columnByName('utimeTicks')?.id);
const MEMORY = Number(columnByName('rssBytes')?.id);
const THREADS = Number(columnByName('threads')?.id);
const COLUMN_IDS = [CPU, MEMORY, THREADS].sort((a, b) => a - b);
const BATCHES = 1000;
const LAST_MS = (BATCHES * TICKS_PER_BATCH - 1) * 1000;

/** Steady, but for one second in which all of the work of ten minutes is done, and one peak of memory. */
function expected(column: number, count: number): number {
  if (column === CPU) return count * 3 + (count > 777 ? 60_000 : 0);
  if (column === MEMORY) return 4096 * (count === 1234 ? 900_000 : 100 + (count % 7));
  return 1 + (count % 2);
}

async function sealedStore(t: TestContext, sealBytes: number, folder?: string): Promise<Store> {
  const store = await scratchStore(t, folder, { sealBytes });
  const appended: Promise<unknown>[] = [];
  for (let sequence = 0; sequence < BATCHES; sequence++) {
    const counts = Array.from({ length: TICKS_PER_BATCH }, (_, i) => sequence * TICKS_PER_BATCH + i);
    const values = COLUMN_IDS.map((id) => counts.map((count) => expected(id, count)));
    const block = { subject: 'process', index: 0, columns: COLUMN_IDS, ticks: [0, 1, 2, 3], values } as const;
    const batch = batchOf(sequence, {}, { blocks: [block] });
    appended.push(store.append(bytesOf(batch), batch));
  }
  await Promise.all(appended);
  await store.seal('run-1');
  return store;
}

function read(store: Store, column: number, resolutionMs: number): ColumnSeries {
  const [series] = store.series('run-1', { columns: [column], resolutionMs });
  assert.ok(series);
  return series;
}

const buckets: Buckets = { fromMs: 0, toMs: LAST_MS, count: 6 };

test('levels are kept where they have at least four samples a cell', () => {
  assert.deepEqual(levelWidths(1000), [10_000, 60_000, 600_000]);
  assert.deepEqual(levelWidths(10_000), [60_000, 600_000]);
});

for (const sealBytes of [2000, 2 ** 20]) {
  test(`a level reads far fewer samples and loses no peak and no growth (parts of ${sealBytes} bytes)`, async (t) => {
    const store = await sealedStore(t, sealBytes);
    const all = read(store, CPU, 0);
    const level = read(store, CPU, 60_000);
    assert.ok(level.times.length < all.times.length / 5, `${level.times.length} cells`);
    const exact = downsampleCounter(all, buckets);
    const coarse = downsampleCounter(level, buckets);
    assert.equal(Math.max(...coarse.max.map(Number)), Math.max(...exact.max.map(Number)));
    assert.deepEqual([level.times.at(-1), level.values.at(-1)], [all.times.at(-1), all.values.at(-1)]);
    assert.equal(level.values[0], all.values[0]);
  });

  test(`a level of a gauge keeps its mean, least and greatest (parts of ${sealBytes} bytes)`, async (t) => {
    const store = await sealedStore(t, sealBytes);
    for (const column of [MEMORY, THREADS]) {
      const whole: Buckets = { fromMs: 0, toMs: LAST_MS, count: 1 };
      const exact = downsampleGauge(read(store, column, 0), whole);
      const coarse = downsampleGauge(read(store, column, 600_000), whole);
      assert.deepEqual([coarse.min, coarse.max], [exact.min, exact.max]);
      const [mean, exactMean] = [Number(coarse.mean[0]), Number(exact.mean[0])];
      assert.ok(Math.abs(mean - exactMean) <= Math.max(1e-3, exactMean * 1e-6), `${mean} for ${exactMean}`);
    }
  });
}

test('of a level the means alone are what all of it tells, without its least and greatest', async (t) => {
  const store = await sealedStore(t, 2 ** 20);
  for (const column of COLUMN_IDS) {
    const { spread, ...means } = read(store, column, 60_000);
    assert.ok(spread);
    const request = { columns: [column], resolutionMs: 60_000, meansOnly: true };
    assert.deepEqual(store.series('run-1', request), [means]);
  }
});

test('batches after the sealed ones join the level without a break', async (t) => {
  const store = await sealedStore(t, 2 ** 20);
  const values = COLUMN_IDS.map((id) => [0, 1, 2, 3].map((i) => expected(id, BATCHES * TICKS_PER_BATCH + i)));
  const block = { subject: 'process', index: 0, columns: COLUMN_IDS, ticks: [0, 1, 2, 3], values } as const;
  const batch = batchOf(BATCHES, {}, { blocks: [block] });
  await store.append(bytesOf(batch), batch);
  const level = read(store, CPU, 60_000);
  assert.equal(level.values.at(-1), expected(CPU, BATCHES * TICKS_PER_BATCH + 3));
  assert.equal(level.times.length, level.spread?.low.length);
  const { max } = downsampleCounter(level, { fromMs: LAST_MS, toMs: LAST_MS + 4000, count: 4 });
  assert.deepEqual([...max], [3, 3, 3, 3]);
});

test('what an agent made up does not keep its run from being sealed', async (t) => {
  const store = await scratchStore(t);
  const extreme = [0, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 5];
  const values = COLUMN_IDS.map(() => extreme);
  const block = { subject: 'process', index: 0, columns: COLUMN_IDS, ticks: [0, 1, 2, 3], values } as const;
  const batch = batchOf(0, { tickMs: 60_000 }, { blocks: [block] });
  await store.append(bytesOf(batch), batch);
  await store.seal('run-1');
  assert.equal(store.run('run-1')?.sealed, true);
  assert.equal(read(store, MEMORY, 60_000).times.length, 4);
});

test('a damaged level is answered for by the next finer one, and in the end by the samples', async (t) => {
  const folder = scratchFolder(t);
  const sound = await sealedStore(t, 2 ** 20, folder);
  const [fine, samples] = [10_000, 0].map((width) => read(sound, CPU, width));
  await sound.close();
  const readWithout = async (widthMs: number, spoil: (bytes: Buffer) => Buffer): Promise<ColumnSeries> => {
    await withDatabases(folder, (databases) =>
      databases.write(({ slices }) => {
        for (const { key, value } of [...slices.getRange(levelRange('run-1', widthMs, 0, 0, LAST_MS))])
          void slices.put(key, spoil(Buffer.from(value)));
      }),
    );
    const store = await scratchStore(t, folder);
    const series = read(store, CPU, 60_000);
    await store.close();
    return series;
  };
  const withoutItsEnd = (bytes: Buffer): Buffer => bytes.fill(0xff, bytes.length - 4);
  assert.deepEqual(await readWithout(60_000, withoutItsEnd), fine);
  assert.deepEqual(await readWithout(10_000, () => Buffer.from('PODSomething')), samples);
});
