import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReapedChildren } from '../../agent/reaped-children.ts';

function apply(accounts: ReapedChildren, ...raw: number[]): number[] {
  const values = Float64Array.from(raw);
  accounts.apply(values);
  return [...values];
}

const childless = new ReapedChildren(1);

test('use of children that no sample saw stays with the parent', () => {
  const accounts = new ReapedChildren(1);
  assert.deepEqual(apply(accounts, 30), [30]);
  assert.deepEqual(apply(accounts, 45), [45]);
});

test('a known child is taken off the parent, and its last moments stay', () => {
  const accounts = new ReapedChildren(1);
  accounts.lose([100], childless);
  assert.deepEqual(apply(accounts, 104), [4]);
});

test('a child that vanished just after its parent was read is taken off at the next reading', () => {
  const accounts = new ReapedChildren(1);
  apply(accounts, 10);
  accounts.lose([100], childless);
  assert.deepEqual(apply(accounts, 10), [10]);
  assert.deepEqual(apply(accounts, 112), [12]);
});

test('a parent that was given nothing loses nothing later', () => {
  const accounts = new ReapedChildren(1);
  accounts.lose([100], childless);
  apply(accounts, 0);
  apply(accounts, 0);
  assert.deepEqual(apply(accounts, 50), [50]);
});

test('what a child that is gone had lost just before is taken off its parent with it', () => {
  const parent = new ReapedChildren(1);
  const child = new ReapedChildren(1);
  child.lose([100], childless);
  parent.lose([20], child);
  assert.deepEqual(apply(parent, 125), [5]);
});

test('the counters never fall', () => {
  const accounts = new ReapedChildren(1);
  apply(accounts, 60);
  accounts.lose([100], childless);
  assert.deepEqual(apply(accounts, 60), [60]);
  assert.deepEqual(apply(accounts, 160), [60]);
  assert.deepEqual(apply(accounts, 170), [70]);
});

test('every counter keeps its own account, and one that cannot be read stays absent', () => {
  const accounts = new ReapedChildren(2);
  accounts.lose([5, Number.NaN], new ReapedChildren(2));
  assert.deepEqual(apply(accounts, 7, Number.NaN), [2, Number.NaN]);
  assert.deepEqual(apply(accounts, 8, 40), [3, 40]);
});

test('the sum over parent and children is the true total, whatever was seen of each child', () => {
  // A parent with own use 3 starts three children with true totals 10, 20 and 5; the third is never seen.
  const accounts = new ReapedChildren(1);
  const seen = [8, 20];
  let shown = 0;
  for (const value of seen) accounts.lose([value], childless);
  [shown = 0] = apply(accounts, 10 + 20 + 5);
  assert.equal(shown + seen.reduce((a, b) => a + b, 0), 35);
});
