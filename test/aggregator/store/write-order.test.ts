import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Sequencer, WriteGate } from '../../../aggregator/store/write-order.ts';

/** A task that takes a few turns and notes its begin and end. */
function taskOf(name: string, log: string[]): () => Promise<string> {
  return async () => {
    log.push(`${name} begins`);
    await setImmediate();
    log.push(`${name} ends`);
    return name;
  };
}

test('shared writes run together, an exclusive one alone, in the order they came', async () => {
  const gate = new WriteGate();
  const log: string[] = [];
  const results = await Promise.all([
    gate.shared(taskOf('a', log)),
    gate.shared(taskOf('b', log)),
    gate.exclusive(taskOf('c', log)),
    gate.exclusive(taskOf('d', log)),
    gate.shared(taskOf('e', log)),
  ]);
  assert.deepEqual(results, ['a', 'b', 'c', 'd', 'e']);
  assert.deepEqual(log, [
    ...['a begins', 'b begins', 'a ends', 'b ends'],
    ...['c begins', 'c ends', 'd begins', 'd ends', 'e begins', 'e ends'],
  ]);
});

test('a write that fails does not hold up those after it', async () => {
  const gate = new WriteGate();
  const fail = () => Promise.reject(new Error('no'));
  const results = await Promise.allSettled([
    gate.shared(fail),
    gate.exclusive(fail),
    gate.shared(async () => 'on'),
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected', 'fulfilled'],
  );
});

test('tasks of one key run one after the other, others beside them', async () => {
  const sequencer = new Sequencer();
  const log: string[] = [];
  const failing = sequencer.run('x', () => Promise.reject(new Error('no')));
  await Promise.all([
    assert.rejects(failing),
    sequencer.run('x', taskOf('first', log)),
    sequencer.run('x', taskOf('second', log)),
    sequencer.run('y', taskOf('other', log)),
  ]);
  assert.deepEqual(
    log.filter((line) => !line.startsWith('other')),
    ['first begins', 'first ends', 'second begins', 'second ends'],
  );
  assert.ok(log.indexOf('other begins') < log.indexOf('first ends'));
});
