import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoTime } from '../../lib/iso-time.ts';

const DAY_MS = 86_400_000;
const NOON_MS = Date.UTC(2026, 1, 28, 12, 34, 56, 7);
const FARTHEST_MS = 8.64e15;

test('a time is told as Date tells it, whichever day was told before', () => {
  const near = [0, 1, 999, 1000, 59_999, 60_000, 3_599_999, DAY_MS - 1, DAY_MS, DAY_MS + 1];
  const days = [-1, 0, 1, 365, -400_000].flatMap((days) => near.map((ms) => NOON_MS + days * DAY_MS + ms));
  for (const ms of [...near, ...near.map((ms) => -ms), ...days, 1.75, -1.75, FARTHEST_MS, -FARTHEST_MS])
    assert.equal(isoTime(ms), new Date(ms).toISOString());
});

test('what is no time throws as Date does, and the time after it is told', () => {
  for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, FARTHEST_MS + 1]) {
    assert.throws(() => isoTime(ms), RangeError);
    assert.equal(isoTime(NOON_MS), '2026-02-28T12:34:56.007Z');
  }
});
