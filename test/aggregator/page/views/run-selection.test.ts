import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChosenRun, RunSelection } from '../../../../aggregator/page/views/run-selection.ts';

const train = (number: number, ref = `train@${number}`): ChosenRun => ({
  id: `id-${number}`,
  ref,
  startedAt: new Date(number * 1000).toISOString(),
});

function selectionOf(...runs: readonly ChosenRun[]): RunSelection {
  const selection = new RunSelection();
  for (const run of runs) selection.choose(run, true);
  return selection;
}

const refs = (side: readonly ChosenRun[]) => side.map(({ ref }) => ref);
const sidesOf = ({ sides }: RunSelection) => [refs(sides.baseline), refs(sides.other)];

test('the oldest is the baseline of the others, whatever the order of the choice', () => {
  const selection = selectionOf(train(3), train(1), train(2));
  assert.deepEqual(sidesOf(selection), [['train@1'], ['train@2', 'train@3']]);
  assert.deepEqual(selection.names, { chosen: ['train@1', 'train@2', 'train@3'] });
  selection.choose(train(1), false);
  assert.deepEqual(sidesOf(selection), [['train@2'], ['train@3']]);
});

test('runs are put on either side, and the names tell it', () => {
  const selection = selectionOf(train(1), train(2), train(3));
  selection.putAside('id-3', true);
  assert.deepEqual(sidesOf(selection), [['train@1', 'train@3'], ['train@2']]);
  selection.putAside('id-1', false);
  assert.deepEqual(sidesOf(selection), [['train@3'], ['train@1', 'train@2']]);
  assert.deepEqual(selection.names, { chosen: ['train@3', 'train@1', 'train@2'], baseline: ['train@3'] });
  selection.choose(train(3), false);
  assert.deepEqual(sidesOf(selection), [['train@1'], ['train@2']], 'without its baseline it is as at first');
});

test('what cannot be compared says why', () => {
  assert.match(selectionOf(train(1)).hindrance ?? '', /another run/);
  const two = selectionOf(train(1), train(2));
  assert.equal(two.hindrance, undefined);
  two.putAside('id-2', true);
  assert.match(two.hindrance ?? '', /All are the baseline/);
  const many = selectionOf(...Array.from({ length: 102 }, (_, i) => train(i)));
  assert.match(many.hindrance ?? '', /at most 100 runs/);
});

test('a name with a comma, which parts names, gives way to the id', () => {
  const selection = selectionOf(train(1, 'a,b@1'), train(2));
  assert.deepEqual(selection.names, { chosen: ['id-1', 'train@2'] });
});
