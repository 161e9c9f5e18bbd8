import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wholeRun } from '../../../aggregator/query/whole-run.ts';
import { member, processEntry, run, totalsOf } from '../fake-store.ts';

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
  const brief = many(20_000, { startMs: 1000, endMs: 2000 });
  assert.ok(wholeRun(lasting(600, 100), brief).resolutionMs < 1000);
  assert.equal(wholeRun(lasting(600, 100), many(20_000)).resolutionMs, 10_000);
});

test('a container lives as long as its run', () => {
  const containers = Array.from({ length: 200 }, (_, index) => ({ member: 0, index, name: 'main' }));
  assert.equal(wholeRun(lasting(600, 10), containers).resolutionMs, 10_000);
});
