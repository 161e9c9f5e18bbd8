import assert from 'node:assert/strict';
import { test } from 'node:test';
import { combinedResults } from '../../protocol/combined-results.ts';
import type { RunResult } from '../../protocol/results.ts';

const resultOf = (name: string, value: number, combine: RunResult['combine']): RunResult => ({
  name,
  unit: '1/s',
  value,
  better: 'higher',
  combine,
});

test('results of several members are combined by name, each as it says', () => {
  const members = [
    {
      results: [
        resultOf('iops', 100, 'sum'),
        resultOf('mean', 4, 'mean'),
        resultOf('least', 3, 'min'),
        resultOf('worst', 7, 'max'),
      ],
    },
    {},
    {
      results: [
        resultOf('worst', 9, 'max'),
        resultOf('iops', 50, 'sum'),
        resultOf('mean', 8, 'mean'),
        resultOf('least', 1, 'min'),
        resultOf('own', 1, 'sum'),
      ],
    },
  ];
  const combined = combinedResults(members).map(({ name, value }) => [name, value]);
  assert.deepEqual(combined, [
    ['iops', 150],
    ['mean', 6],
    ['least', 1],
    ['worst', 9],
    ['own', 1],
  ]);
});

test('how members are combined is no part of the run’s results', () => {
  assert.deepEqual(combinedResults([{ results: [resultOf('iops', 1, 'sum')] }]), [
    { name: 'iops', unit: '1/s', value: 1, better: 'higher' },
  ]);
});
