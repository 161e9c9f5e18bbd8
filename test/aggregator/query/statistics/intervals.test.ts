import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bootstrapDifference } from '../../../../aggregator/query/statistics/bootstrap.ts';
import { sortedQuantile } from '../../../../aggregator/query/statistics/quantile.ts';
import { seededRandom } from '../../../../aggregator/query/statistics/seeded-random.ts';
import { shiftBetween } from '../../../../aggregator/query/statistics/shift.ts';

const median = (sorted: Float64Array): number => sortedQuantile(sorted, 0.5);
const options = { confidence: 0.95, resamples: 1000, seed: 1 };

test('the same seed gives the same numbers, and another one others', () => {
  const drawn = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
  assert.deepEqual(drawn(7), drawn(7));
  assert.notDeepEqual(drawn(7), drawn(8));
  const many = Array.from({ length: 10_000 }, seededRandom(3));
  assert.ok(many.every((value) => value >= 0 && value < 1));
  assert.ok(Math.abs(many.reduce((sum, value) => sum + value, 0) / 10_000 - 0.5) < 0.01);
});

test('a bootstrap interval can be found again and holds the difference of the figures', () => {
  const [a, b] = [
    [10, 11, 12, 10, 11],
    [15, 16, 15, 17, 16],
  ] as const;
  const interval = bootstrapDifference(a, b, median, options);
  assert.deepEqual(interval, bootstrapDifference(a, b, median, options));
  assert.ok(interval && interval.low <= 5 && interval.high >= 5 && interval.low > 2 && interval.high < 8);
});

test('a single value has no bootstrap interval', () => {
  assert.equal(bootstrapDifference([1], [1, 2, 3], median, options), undefined);
  assert.equal(bootstrapDifference([1, 2, 3], [1], median, options), undefined);
});

test('bootstrap intervals of the mean hold the true difference about as often as they say', () => {
  const random = seededRandom(11);
  const sample = (at: number) => Array.from({ length: 30 }, () => at + random() + random() + random());
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const held = Array.from({ length: 200 }, () => {
    const interval = bootstrapDifference(sample(0), sample(1), mean, { ...options, resamples: 300 });
    return interval !== undefined && interval.low <= 1 && interval.high >= 1;
  }).filter(Boolean).length;
  assert.ok(held >= 180 && held <= 199, `${held} of 200`);
});

test('the shift of Hollander and Wolfe example 4.1 has the estimate and interval of the book', () => {
  const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  const early = [1.15, 0.88, 0.9, 0.74, 1.21];
  const { estimate, interval } = shiftBetween(early, term, 0.95);
  assert.ok(Math.abs(estimate - 0.305) < 1e-9);
  assert.ok(Math.abs(interval.low - -0.15) < 1e-9 && Math.abs(interval.high - 0.76) < 1e-9);
});

test('samples too small for the confidence have an interval of the most that they can have', () => {
  const { estimate, interval, confidence } = shiftBetween([1, 2, 3], [4, 5, 6], 0.95);
  assert.equal(estimate, 3);
  assert.deepEqual(interval, { low: 1, high: 5 });
  assert.ok(Math.abs(confidence - 0.9) < 1e-12);
});
