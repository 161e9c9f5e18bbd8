import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsInSight, scrollToRow } from '../../../../aggregator/page/views/row-window.ts';

const sight = (topPx: number) => ({ topPx, heightPx: 1000, rowPx: 50 });

test('the rows in sight and a dozen on either side are drawn', () => {
  assert.deepEqual(rowsInSight(sight(200), 10_000), { first: 0, end: 28 });
  assert.deepEqual(rowsInSight(sight(-100_000), 10_000), { first: 1988, end: 2032 });
  assert.deepEqual(rowsInSight(sight(-499_500), 10_000), { first: 9978, end: 10_000 });
});

test('a list that became shorter than where it was scrolled to draws its end or nothing, never more', () => {
  assert.deepEqual(rowsInSight(sight(-100_000), 50), { first: 50, end: 50 });
  assert.deepEqual(rowsInSight(sight(200), 0), { first: 0, end: 0 });
});

test('the page is scrolled no further than until a row is free of what covers it', () => {
  const covered = { topPx: 30, bottomPx: 80 };
  assert.equal(scrollToRow(5, sight(200), covered), 0, 'it is in sight');
  assert.equal(scrollToRow(20, sight(200), covered), 330, 'its end is at 1250, of 920 that are free');
  assert.equal(scrollToRow(2, sight(-500), covered), -430, 'its top is at -400');
  assert.equal(scrollToRow(10, sight(-500), covered), -30, 'the headings cover it');
});
