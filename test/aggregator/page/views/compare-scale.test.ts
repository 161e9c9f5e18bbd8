import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeMark, changeOf, placeOf, reachOf } from '../../../../aggregator/page/views/compare-scale.ts';
import type { MeasureDelta } from '../../../../protocol/comparison.ts';

const measure: MeasureDelta = {
  measure: 'wallSeconds',
  label: 'wall time',
  unit: 's',
  better: 'lower',
  verdict: 'more',
  family: 'headline',
  a: 10,
  b: 15,
  delta: 5,
  ratio: 1.5,
};

test('a doubling is as far from no change as a halving', () => {
  assert.equal(placeOf(1, 4), 0.5);
  assert.equal(placeOf(2, 4), 0.75);
  assert.equal(placeOf(0.5, 4), 0.25);
  assert.deepEqual([placeOf(100, 4), placeOf(0.001, 4)], [1, 0]);
});

test('a mark has the change, the interval of the rank test before the bootstrap, and what is usual', () => {
  const mark = changeMark({
    ...measure,
    interval: { low: 0, high: 10 },
    shift: { estimate: 4.5, interval: { low: 4, high: 6 } },
    history: { runs: 5, median: 10, spread: 1 },
  });
  assert.deepEqual(mark, { change: 1.45, interval: [1.4, 1.6], usual: [0.9, 1.1] });
});

test('a change and its interval are of one kind, so that the one lies in the other', () => {
  const bootstrapped = { ...measure, interval: { low: 3, high: 7 }, shift: { estimate: 4 } };
  assert.deepEqual(changeOf(bootstrapped), { value: 5, interval: { low: 3, high: 7 } });
  const interval = { low: -4, high: -2 };
  const shifted = changeOf({ ...measure, interval: { low: 0, high: 9 }, shift: { estimate: -3, interval } });
  assert.deepEqual(shifted, { value: -3, interval });
  const { delta: _, ...oneSided } = measure;
  assert.equal(changeOf(oneSided), undefined);
});

test('from zero there is no factor, and a fall to zero is at the end', () => {
  assert.equal(changeMark({ ...measure, a: 0 }), undefined);
  assert.equal(placeOf(changeMark({ ...measure, b: 0, delta: -10 })?.change ?? 1, 4), 0);
});

test('the axis reaches over the largest change, from a tenth up to fourfold', () => {
  assert.equal(reachOf([{ change: 1 }]), 1.1);
  assert.ok(reachOf([{ change: 0.5 }, { change: 1.2 }]) > 2);
  assert.equal(reachOf([{ change: 50 }]), 4);
});
