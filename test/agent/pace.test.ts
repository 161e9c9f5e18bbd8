import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from '../../agent/pace.ts';

test('ticks lie on a fixed grid, however late each one is taken', () => {
  const pace = new Pace(1000, 100);
  assert.deepEqual(pace.take(1103.7), { dueMs: 1100, missed: 0 });
  assert.deepEqual(pace.take(1299.9), { dueMs: 1200, missed: 0 });
  assert.deepEqual(pace.take(1300), { dueMs: 1300, missed: 0 });
});

test('a tick is not due before its time, nor twice', () => {
  const pace = new Pace(0, 100);
  assert.equal(pace.take(99.9), undefined);
  assert.ok(pace.take(100));
  assert.equal(pace.take(199.9), undefined);
});

test('ticks that could not be taken are counted as missed and not made up for', () => {
  const pace = new Pace(0, 10);
  assert.deepEqual(pace.take(57), { dueMs: 50, missed: 4 });
  assert.equal(pace.take(58), undefined);
});

test('the wait ends when the next tick is due and is zero when it is overdue', () => {
  const pace = new Pace(0, 100);
  assert.equal(pace.waitMs(30), 70);
  assert.equal(pace.waitMs(130), 0);
});

test('a stretched interval starts its grid at the last tick taken', () => {
  const pace = new Pace(0, 100);
  pace.take(300);
  pace.stretch(1000);
  assert.equal(pace.take(1299), undefined);
  assert.deepEqual(pace.take(1300), { dueMs: 1300, missed: 0 });
});
