import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimeLine } from '../../../aggregator/store/time-line.ts';

const list = (...numbers: number[]): Float64Array => Float64Array.from(numbers);
const timed = (...numbers: number[]) => ({ times: list(...numbers) });
const ever = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

test('pieces are joined in the order of their times, whatever order they come in', () => {
  const line = new TimeLine([timed(30, 40), timed(10, 20)], ...ever);
  assert.deepEqual(line.times, list(10, 20, 30, 40));
  assert.deepEqual(line.join([list(3, 4), list(1, 2)]), list(1, 2, 3, 4));
});

test('pieces that overlap are merged, and of equal times the first piece counts', () => {
  const line = new TimeLine([timed(10, 20, 40), timed(20, 30)], ...ever);
  assert.deepEqual(line.times, list(10, 20, 30, 40));
  assert.deepEqual(line.join([list(1, 2, 4), list(9, 3)]), list(1, 2, 3, 4));
});

test('what lies outside the stretch is cut off, and both its ends belong to it', () => {
  const line = new TimeLine([timed(10, 20), timed(30, 40)], 20, 30);
  assert.deepEqual(line.times, list(20, 30));
  assert.deepEqual(line.join([list(1, 2), list(3, 4)]), list(2, 3));
  assert.equal(new TimeLine([timed(10)], 20, 30).times.length, 0);
});

test('pieces have a line in common only where their times are the same lists', () => {
  const [first, second] = [timed(10), timed(20)];
  const line = new TimeLine([first, second], ...ever);
  assert.ok(line.isOf([{ ...first }, { ...second }]));
  assert.ok(!line.isOf([first, timed(20)]));
  assert.ok(!line.isOf([first]));
});
