import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bridged, stacked, sum } from '../../../../aggregator/page/charts/lines.ts';

const times = [0, 100, 200, 300, 400, 500];

test('empty buckets between two samples lie on the straight line between them', () => {
  assert.deepEqual(bridged(times, [1, null, null, 4, null, 6], []), [1, 2, 3, 4, 5, 6]);
});

test('buckets stay empty where ticks were missed, and only there', () => {
  const values = [1, null, 3, null, null, 6];
  assert.deepEqual(bridged(times, values, [{ fromMs: 320, toMs: 520 }]), [1, 2, 3, null, null, 6]);
});

test('the mean rate of a counter over missed ticks is not shown as if it had been seen', () => {
  const gap = { fromMs: 200, toMs: 420 };
  assert.deepEqual(bridged(times, [1, 1, 7, 7, 7, 1], [gap]), [1, 1, null, null, 7, 1]);
});

test('buckets before the first and after the last sample stay empty', () => {
  assert.deepEqual(bridged(times, [null, 2, null, 4, null, null], []), [null, 2, 3, 4, null, null]);
});

test('a sum is null only where no line has a value', () => {
  const lines = [
    [1, null, null],
    [2, 5, null],
  ];
  assert.deepEqual(sum(lines, 3), [3, 5, null]);
});

test('a stack counts a process that does not live as zero and keeps a gap as a gap', () => {
  const lines = [
    [1, null, null],
    [2, 5, null],
  ];
  assert.deepEqual(stacked(lines, 3), [
    [1, 0, null],
    [3, 5, null],
  ]);
});
