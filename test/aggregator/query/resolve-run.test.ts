import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveRun } from '../../../aggregator/query/resolve-run.ts';
import { FakeStore, run } from '../fake-store.ts';

const scoped = { kind: 'Local', name: '@scope/tool' } as const;
const store = new FakeStore(
  run(1, { id: 'aaaaaa1111' }),
  run(2, { id: 'aaaaaa2222' }),
  run(4, { id: 'bbbbbb4444' }),
  run(9, { id: 'cccccc9999', workload: scoped }),
);
const numberOf = (reference: string) => resolveRun(store, reference).number;

test('a run is found by its id, and by the beginning of one that no other id has', () => {
  assert.equal(numberOf('aaaaaa1111'), 1);
  assert.equal(numberOf('bbbbbb'), 4);
  assert.equal(numberOf('aaaaaa2'), 2);
});

test('a run is found by its workload and number', () => {
  assert.equal(numberOf('train@2'), 2);
  assert.equal(numberOf('@scope/tool@9'), 9);
});

test('runs are counted back from the newest', () => {
  assert.equal(numberOf('train@latest'), 4);
  assert.equal(numberOf('train@-0'), 4);
  assert.equal(numberOf('train@-1'), 2);
  assert.equal(numberOf('train@-2'), 1);
});

const refused = (reference: string, message: RegExp, mend: RegExp, index = store) =>
  assert.throws(() => resolveRun(index, reference), { code: 'PODO_RUN_NOT_FOUND', message, mend });

test('a number that a workload does not have is answered with those that it has', () => {
  for (const which of ['3', '-3', 'newest', '0', '']) {
    refused(`train@${which}`, new RegExp(`"train@${which}"`), /newest are train@4, train@2, train@1\./);
  }
});

test('an unknown workload is answered with one of a like name', () => {
  refused('trian@1', /"trian@1"/, /Did you mean train@latest\?/);
  refused('train', /"train"/, /Did you mean train@latest\?/);
});

test('a name that is like no other is answered with the newest runs', () => {
  refused('zzzzzzzzzz', /"zzzzzzzzzz"/, /newest are @scope\/tool@9, train@4, train@2\./);
});

test('the beginning of several ids is refused with the runs that it fits', () => {
  refused('aaaaaa', /beginning of 2 run ids/, /train@2, train@1/);
});

test('a beginning shorter than 6 characters finds nothing', () => {
  refused('bbbbb', /"bbbbb"/, /newest are/);
});

test('an empty history says how to get a first run', () => {
  refused('train@1', /"train@1"/, /no runs yet/, new FakeStore());
});
