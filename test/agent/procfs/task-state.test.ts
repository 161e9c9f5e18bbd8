import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseTaskState } from '../../../agent/procfs/task-state.ts';

const captured = readFileSync('test/fixtures/containerd-pod/sleep.stat', 'latin1');

function stateOf(letter: string, name = 'sleep'): string {
  return parseTaskState(Buffer.from(captured.replace('(sleep) S', `(${name}) ${letter}`), 'latin1'));
}

test('the state of a captured thread is read', () => {
  assert.equal(parseTaskState(Buffer.from(captured, 'latin1')), 'sleeping');
});

test('each letter of the kernel has its state, and those that are rare share one', () => {
  assert.deepEqual(
    ['R', 'S', 'D', 'T', 'Z', 'I'].map((letter) => stateOf(letter)),
    ['running', 'sleeping', 'uninterruptible', 'other', 'other', 'other'],
  );
});

test('a name that looks like the end of a name does not mislead', () => {
  assert.equal(stateOf('D', 'a) R (b'), 'uninterruptible');
});
