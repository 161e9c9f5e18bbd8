import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processRows } from '../../../../aggregator/page/views/process-rows.ts';
import type { ProcessView } from '../../../../protocol/query.ts';

function process(key: string, cpuUserSeconds?: number, parent?: string): ProcessView {
  return {
    key,
    pid: 1,
    ...(parent === undefined ? {} : { parent }),
    role: 'target',
    comm: key,
    member: 'm',
    startMs: 0,
    ...(cpuUserSeconds === undefined ? {} : { cpuUserSeconds }),
    samples: 1,
  };
}

const processes = [
  process('child-light', 1, 'root'),
  process('root', 5),
  process('child-heavy', 9, 'root'),
  process('grandchild', 7, 'child-light'),
  process('orphan', 6, 'not-in-the-run'),
  process('unread'),
];

const order = { value: (one: ProcessView) => one.cpuUserSeconds, descending: true };
const keys = (nested: boolean, descending = true) =>
  processRows(processes, { ...order, nested, descending }).map((row) => `${row.depth} ${row.process.key}`);

test('nested, the order holds among the children of one parent', () => {
  assert.deepEqual(keys(true), [
    '0 orphan',
    '0 root',
    '1 child-heavy',
    '1 child-light',
    '2 grandchild',
    '0 unread',
  ]);
});

test('flat, the order holds among all, and absent values come last in either direction', () => {
  assert.deepEqual(keys(false), [
    '0 child-heavy',
    '0 grandchild',
    '0 orphan',
    '0 root',
    '0 child-light',
    '0 unread',
  ]);
  assert.equal(keys(false, false).at(-1), '0 unread');
});
