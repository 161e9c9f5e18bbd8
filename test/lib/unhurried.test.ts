import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unhurried } from '../../lib/unhurried.ts';

test('everything is given in order, and other work has its turn in between', async () => {
  const items = Array.from({ length: 500 }, (_, i) => i);
  let turns = 0;
  let isOver = false;
  const work = (): void => {
    turns += 1;
    if (!isOver) setImmediate(work);
  };
  setImmediate(work);
  const given: number[] = [];
  for await (const item of unhurried(items)) given.push(item);
  isOver = true;
  assert.deepEqual(given, items);
  assert.ok(turns >= 9, `${turns} turns`);
});
