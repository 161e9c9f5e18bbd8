import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectRuns, selectSides } from '../../../aggregator/query/select-runs.ts';
import { PodometerError } from '../../../protocol/errors.ts';
import { FakeStore, member, openMember, run, START_MS, stateOf } from '../fake-store.ts';

const failed = member({ outcome: { endedAtMs: START_MS + 1, exitCode: 1, reason: 'exited' } });
const index = new FakeStore(
  run(1, { tags: { commit: 'abc' } }),
  run(2, { tags: { commit: 'def' } }),
  run(3, { tags: { commit: 'abc', note: 'a=b' } }),
  run(4, { members: [failed] }),
  run(5),
  run(6, { members: [openMember()] }),
  run(1, { workload: { kind: 'Local', name: 'g++' } }),
);
const source = { index, stateOf };
const numbers = (expression: string): number[] =>
  selectRuns(source, expression).records.map(({ number }) => number);

test('a run, a range, the newest good ones and those with a tag are sides, oldest first', () => {
  assert.deepEqual(numbers('train@3'), [3]);
  assert.deepEqual(numbers('train@2..4'), [2, 3, 4]);
  assert.deepEqual(numbers('train@last:3'), [2, 3, 5]);
  assert.deepEqual(numbers('train@commit=abc'), [1, 3]);
  assert.deepEqual(numbers('train@note=a=b'), [3]);
  assert.deepEqual(numbers('g++@latest'), [1]);
});

test('several of these make one side, each run once', () => {
  assert.deepEqual(numbers('train@5, train@1..2,train@commit=abc'), [1, 2, 3, 5]);
});

test('the baseline of a comparison ends before the other side begins', () => {
  const { a, b } = selectSides(source, 'train@last:10', 'train@3');
  assert.deepEqual(
    [a, b].map(({ records }) => records.map(({ number }) => number)),
    [[1, 2], [3]],
  );
});

test('what names no run is refused by its name', () => {
  for (const expression of [
    'train@8..9',
    'train@commit=xyz',
    'train@last:0',
    'tran@1..2',
    'train@1,train@77',
  ]) {
    assert.throws(
      () => selectRuns(source, expression),
      (error) => error instanceof PodometerError && error.code === 'PODO_RUN_NOT_FOUND',
    );
  }
});

test('more than 100 runs are refused, not sampled', () => {
  const many = new FakeStore(...Array.from({ length: 101 }, (_, i) => run(i + 1)));
  assert.throws(() => selectRuns({ index: many, stateOf }, 'train@1..300'), /names 101 runs/);
  assert.equal(selectRuns({ index: many, stateOf }, 'train@1..100').records.length, 100);
});
