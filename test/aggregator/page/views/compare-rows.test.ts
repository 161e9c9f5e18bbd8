import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  heaviestPairs,
  isDifferent,
  type PairedRun,
  processPairs,
} from '../../../../aggregator/page/views/compare-rows.ts';
import type { ProcessView } from '../../../../protocol/query.ts';

function view(key: string, comm: string, change: Partial<ProcessView> = {}): ProcessView {
  return { key, pid: 1, role: 'target', comm, member: 'box', startMs: 0, endMs: 1000, samples: 1, ...change };
}

function runOf(processes: readonly ProcessView[], members: readonly string[] = ['box']): PairedRun {
  return { run: { members: members.map((name) => ({ name, agent: name })) }, processes };
}

const before = [
  view('0.0', 'make'),
  view('0.1', 'cc', { parent: '0.0', startMs: 10 }),
  view('0.2', 'cc', { parent: '0.0', startMs: 20 }),
];
const after = [
  view('0.0', 'make'),
  view('0.5', 'cc', { parent: '0.0', startMs: 30 }),
  view('0.6', 'ld', { parent: '0.0', startMs: 5 }),
];

test('processes are paired by their names from the first process down and the order of their starts', () => {
  assert.deepEqual(
    processPairs(runOf(before), runOf(after)).map(({ comm, depth, a, b }) => [comm, depth, a?.key, b?.key]),
    [
      ['make', 0, '0.0', '0.0'],
      ['ld', 1, undefined, '0.6'],
      ['cc', 1, '0.2', undefined],
      ['cc', 1, '0.1', '0.5'],
    ],
  );
});

test('the pods of two runs are paired by their ranks, not by the order in which they arrived', () => {
  const one = runOf([view('0.0', 'train'), view('1.0', 'train')], ['train-1-bcdfg', 'train-0-hjklm']);
  const two = runOf([view('0.0', 'train'), view('1.0', 'train')], ['train-0-npqrs', 'train-1-tvwxz']);
  assert.deepEqual(
    processPairs(one, two).map(({ a, b }) => [a?.key, b?.key]),
    [
      ['0.0', '1.0'],
      ['1.0', '0.0'],
    ],
  );
});

test('siblings that began at one moment keep their own children', () => {
  const both = ['x', 'y'].flatMap((comm, i) => [
    view(`0.${i}`, comm),
    view(`0.${i + 4}`, 'child', { parent: `0.${i}` }),
  ]);
  assert.deepEqual(
    processPairs(runOf(both), runOf(both)).map(({ comm }) => comm),
    ['x', 'child', 'y', 'child'],
  );
});

test('a pair differs where one is alone, lived or computed longer by more than is worth naming', () => {
  const [a] = before;
  assert.ok(a);
  assert.equal(isDifferent({ comm: 'x', depth: 0, a }, 0.03), true);
  assert.equal(isDifferent({ comm: 'x', depth: 0, a, b: { ...a, endMs: 1010 } }, 0.03), false);
  assert.equal(isDifferent({ comm: 'x', depth: 0, a, b: { ...a, endMs: 1100 } }, 0.03), true);
  assert.equal(isDifferent({ comm: 'x', depth: 0, a, b: { ...a, cpuUserSeconds: 1 } }, 0.03), true);
});

test('the heaviest are kept in their order', () => {
  const pairs = processPairs(
    runOf([view('0.0', 'a', { endMs: 5 }), view('0.1', 'b'), view('0.2', 'c')]),
    runOf([]),
  );
  assert.deepEqual(
    heaviestPairs(pairs, 2).map(({ comm }) => comm),
    ['b', 'c'],
  );
});
