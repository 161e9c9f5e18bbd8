import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueSpan } from '../../../../aggregator/page/charts/chart-model.ts';

test('an axis begins at zero and reaches at least to where its chart says', () => {
  assert.deepEqual(valueSpan({ least: 1 }, 0.2, 0.5), [0, 1]);
  assert.deepEqual(valueSpan({ least: 1 }, 50, 100), [0, 108]);
});

test('a free axis spans its values, also below zero, and has a height where they are all the same', () => {
  assert.deepEqual(valueSpan({ least: 0, free: true }, -50, 50), [-58, 58]);
  assert.deepEqual(valueSpan({ least: 0, free: true }, 100, 100), [92, 108]);
  assert.deepEqual(valueSpan({ least: 0, free: true }, 0, 0), [-0.08, 0.08]);
});
