import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultDeltas } from '../../../aggregator/query/result-deltas.ts';

const iops = { name: 'fio.read.iops', unit: '1/s', better: 'higher' } as const;

test('a result of both runs has both values, their difference, their ratio and which way is better', () => {
  assert.deepEqual(resultDeltas([{ ...iops, value: 100 }], [{ ...iops, value: 150 }]), [
    {
      measure: 'fio.read.iops',
      label: 'fio.read.iops',
      unit: '1/s',
      better: 'higher',
      a: 100,
      b: 150,
      delta: 50,
      ratio: 1.5,
    },
  ]);
});

test('results of one run alone are shown, and values in different units are never set against each other', () => {
  const deltas = resultDeltas([{ ...iops, value: 100 }], [{ ...iops, unit: '1', value: 3 }]);
  assert.deepEqual(
    deltas.map(({ unit, a, b, delta }) => [unit, a, b, delta]),
    [
      ['1', undefined, 3, undefined],
      ['1/s', 100, undefined, undefined],
    ],
  );
});

test('runs without results have no such line', () => {
  assert.deepEqual(resultDeltas(undefined, undefined), []);
});
