import assert from 'node:assert/strict';
import { test } from 'node:test';
import { benjaminiHochberg, holm } from '../../../../aggregator/query/statistics/corrections.ts';
import { normalTail } from '../../../../aggregator/query/statistics/normal.ts';
import { outliers } from '../../../../aggregator/query/statistics/outliers.ts';
import { predictionP } from '../../../../aggregator/query/statistics/prediction.ts';
import { studentP } from '../../../../aggregator/query/statistics/student-t.ts';
import { trendOf } from '../../../../aggregator/query/statistics/trend.ts';

const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual / expected - 1) < 1e-9, `${actual} is not ${expected}`);

test('the tail of the normal distribution is that of scipy.stats.norm.sf', () => {
  near(normalTail(0), 0.5);
  near(normalTail(0.5), 0.3085375387259869);
  near(normalTail(1.96), 0.024997895148220435);
  near(normalTail(2.9), 0.0018658133003840375);
  near(normalTail(3.1), 0.0009676032132183563);
  near(normalTail(6), 9.865876450376946e-10);
  near(normalTail(-1.96), 1 - 0.024997895148220435);
});

test("the p of Student's t is twice scipy.stats.t.sf", () => {
  near(studentP(1, 1), 0.5);
  near(studentP(2.262157, 9), 0.05000001330443163);
  near(studentP(-3, 4), 0.03994196807171883);
  near(studentP(0.1, 30), 0.9210096117902712);
  near(studentP(10, 3), 0.0021283990584141503);
  near(studentP(0.5, 200), 0.6176247523164609);
});

test('Holm raises the least p most, keeps their order and never passes 1', () => {
  assert.deepEqual(holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]);
  assert.deepEqual(holm([0.5, 0.9]), [1, 1]);
  assert.deepEqual(holm([]), []);
});

test("Benjamini and Hochberg's correction is that of scipy.stats.false_discovery_control", () => {
  benjaminiHochberg([0.01, 0.04, 0.03, 0.5]).forEach((p, i) => {
    near(p, [0.04, 0.16 / 3, 0.16 / 3, 0.5][i] ?? 0);
  });
  assert.deepEqual(benjaminiHochberg([0.02, 0.02]), [0.02, 0.02]);
  assert.deepEqual(benjaminiHochberg([]), []);
});

test('a value far from the others is an outlier, and one of few or one that is near enough is none', () => {
  assert.deepEqual(outliers([10, 10.1, 9.9, 10.2, 30]), [4]);
  assert.deepEqual(outliers([10, 10.1, 9.9, 30]), []);
  assert.deepEqual(outliers([10, 10.001, 9.999, 10.002, 10.1], 0.3), []);
  assert.deepEqual(outliers([10, 10, 10, 10, 10, 10, 10, 10, 11]), [8]);
  assert.deepEqual(outliers([5, 5, 5, 5, 5]), []);
});

test('a single value is judged by the deviation of the earlier ones, a difference from constant ones is certain', () => {
  // Of (ln 12 − mean) ÷ (s √1.2) = 3.4826 with 4 degrees of freedom.
  const p = predictionP([10, 10.5, 9.5, 10.2, 9.8], 12) ?? 1;
  assert.ok(p > 0.005 && p < 0.02, String(p));
  assert.equal(predictionP([3, 3, 3, 3], 3), 1);
  assert.equal(predictionP([3, 3, 3, 3], 4), 0);
  assert.equal(predictionP([0, 0, 0, 0], 0), 1);
  assert.equal(predictionP([1, 2, 3], 4), undefined);
});

test('a trend has the slope and interval of scipy.stats.theilslopes', () => {
  const trend = trendOf([0, 1, 2, 3, 4, 5, 6, 7], [1, 3, 2, 5, 4, 6, 8, 7]);
  assert.deepEqual([trend?.slope, trend?.interval], [1, { low: 0.5, high: 1.5 }]);
  assert.ok(trend && trend.p < 0.01);
});

test('points that go up and down, or stay, have no trend', () => {
  assert.ok((trendOf([0, 1, 2, 3, 4, 5, 6, 7], [1, 3, 2, 1, 3, 2, 1, 3])?.p ?? 0) > 0.3);
  assert.equal(trendOf([0, 1, 2, 3, 4], [2, 2, 2, 2, 2])?.p, 1);
  assert.equal(trendOf([0, 1, 2, 3], [1, 2, 3, 4]), undefined);
});
