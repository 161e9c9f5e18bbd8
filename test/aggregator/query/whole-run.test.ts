import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTotals, wholeRun } from '../../../aggregator/query/whole-run.ts';
import { columnId, FakeStore, member, processEntry, run, series, totalsOf } from '../fake-store.ts';

const lasting = (wallSeconds: number, intervalMs: number) =>
  run(1, { intervalMs, members: [member({ totals: totalsOf({ wallSeconds: wallSeconds * 1000 }) })] });
const many = (count: number, life: { startMs?: number; endMs?: number } = {}) =>
  Array.from({ length: count }, (_, index) => processEntry({ index, ...life }));
const DAY_SECONDS = 86_400;

test('a short run is read as finely as it was sampled', () => {
  const { resolutionMs, columnsAtOnce } = wholeRun(lasting(600, 1000), many(10));
  assert.ok(resolutionMs <= 1000);
  assert.ok(columnsAtOnce > 100);
});

test('a long run is read from cells of a thousandth of it, so that its size does not count', () => {
  const { resolutionMs, columnsAtOnce } = wholeRun(lasting(DAY_SECONDS, 1000), many(200));
  assert.equal(resolutionMs, DAY_SECONDS);
  assert.ok(columnsAtOnce >= 1 && columnsAtOnce < 10);
});

test('a short run of more samples than fit into memory is read from the finest cells', () => {
  assert.equal(wholeRun(lasting(600, 10), many(200)).resolutionMs, 10_000);
  assert.ok(wholeRun(lasting(600, 10), many(20)).resolutionMs < 1000);
  assert.equal(wholeRun(lasting(600, 10), many(20), 5).resolutionMs, 10_000);
});

test('processes count for the time that they lived', () => {
  const brief = many(10_000, { startMs: 1000, endMs: 2000 });
  assert.ok(wholeRun(lasting(600, 100), brief).resolutionMs < 1000);
  assert.equal(wholeRun(lasting(600, 100), many(10_000)).resolutionMs, 10_000);
});

test('a container lives as long as its run', () => {
  const containers = Array.from({ length: 200 }, (_, index) => ({ member: 0, index, name: 'main' }));
  assert.equal(wholeRun(lasting(600, 10), containers).resolutionMs, 10_000);
});

test('totals of a long run are read from its end, and in full of what did not live that long or was older', () => {
  const record = lasting(DAY_SECONDS, 1000);
  const day = DAY_SECONDS * 1000;
  const processes = [
    processEntry({ index: 0 }),
    processEntry({ index: 1, startMs: 5000, endMs: day - 1000 }),
    processEntry({ index: 2, startMs: 5000, endMs: 60_000 }),
    processEntry({ index: 3, startMs: -5000 }),
    // Nothing was read of it any more towards the end.
    processEntry({ index: 4 }),
  ];
  const lastMs = [day, day - 1000, 60_000, day, 3_600_000];
  const store = new FakeStore();
  store.put(
    record,
    { processes },
    lastMs.map((ms, index) =>
      series(
        'utimeTicks',
        [
          [10_000, 7],
          [50_000, 70],
          [ms, 1000 + index],
        ],
        { index },
      ),
    ),
  );
  const totals = readTotals(store, record, { processes }, [columnId('utimeTicks')]);
  assert.deepEqual(
    totals.map(({ index, times, values }) => [index, [...times], [...values]]),
    [
      [0, [0, day], [0, 1000]],
      [1, [5000, day - 1000], [0, 1001]],
      [2, [5000, 60_000], [0, 1002]],
      [3, [10_000, day], [7, 1003]],
      [4, [0, 3_600_000], [0, 1004]],
    ],
  );
  const [ofEnd, inFull] = store.requests;
  assert.ok((ofEnd?.fromMs ?? 0) >= day - 600_000);
  assert.deepEqual(
    inFull?.subjects?.map(({ index }) => index),
    [2, 3, 4],
  );
});

test('totals of a short run are read at once', () => {
  const record = lasting(60, 1000);
  const store = new FakeStore();
  store.put(record, { processes: many(2) }, [
    series('utimeTicks', [
      [1000, 4],
      [60_000, 9],
    ]),
  ]);
  const totals = readTotals(store, record, { processes: many(2) }, [columnId('utimeTicks')]);
  assert.deepEqual(
    totals.map(({ values }) => [...values]),
    [[0, 9]],
  );
  assert.equal(store.requests.length, 1);
});
