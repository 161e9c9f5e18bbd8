import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rows } from '../../agent/rows.ts';

function append(rows: Rows, tick: number, ...values: number[]): void {
  rows.next.set(values);
  rows.append(tick);
}

function plain(rows: Rows) {
  return rows.drain().map((block) => ({
    columns: block.columns,
    ticks: [...Array.from(block.ticks)],
    values: block.values.map((column) => Array.from(column)),
  }));
}

test('rows come back column by column', () => {
  const rows = new Rows('process', 3, [1, 2]);
  append(rows, 0, 10, 20);
  append(rows, 1, 11, 21);
  assert.deepEqual(plain(rows), [
    {
      columns: [1, 2],
      ticks: [0, 1],
      values: [
        [10, 11],
        [20, 21],
      ],
    },
  ]);
  assert.equal(rows.count, 0);
});

test('a column that could not be read is absent from its block', () => {
  const rows = new Rows('process', 0, [1, 2]);
  append(rows, 0, 10, 20);
  append(rows, 1, 11, Number.NaN);
  append(rows, 2, 12, 22);
  assert.deepEqual(
    plain(rows).map((block) => [block.columns, block.ticks]),
    [
      [[1, 2], [0]],
      [[1], [1]],
      [[1, 2], [2]],
    ],
  );
});

test('rows without any value leave no block', () => {
  const rows = new Rows('process', 0, [1]);
  append(rows, 0, Number.NaN);
  assert.deepEqual(rows.drain(), []);
});

test('a second row of one tick replaces the first', () => {
  const rows = new Rows('process', 0, [1]);
  append(rows, 4, 1);
  append(rows, 4, 2);
  assert.deepEqual(plain(rows), [{ columns: [1], ticks: [4], values: [[2]] }]);
});

test('any number of rows is kept in order', () => {
  const rows = new Rows('process', 0, [1]);
  for (let i = 0; i < 1000; i++) append(rows, i, i * 7);
  const [block] = plain(rows);
  assert.deepEqual(
    block?.values[0],
    Array.from({ length: 1000 }, (_, i) => i * 7),
  );
});
