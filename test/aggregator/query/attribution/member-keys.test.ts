import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memberKeys } from '../../../../aggregator/query/attribution/member-keys.ts';

const keys = (...runs: readonly (readonly string[])[]) =>
  memberKeys(runs.map((names) => ({ members: names.map((name) => ({ name })) }))).keys;

test('pods of an Indexed Job are matched by their ranks, in whatever order they arrived', () => {
  assert.deepEqual(
    keys(
      ['train-12-2-bcdfg', 'train-12-0-hjklm', 'train-12-1-npqrs'],
      ['train-13-0-tvwxz', 'train-13-1-24567', 'train-13-2-89bcd'],
    ),
    [
      ['2', '0', '1'],
      ['0', '1', '2'],
    ],
  );
});

test('pods of a JobSet and of a StatefulSet are matched by theirs', () => {
  assert.deepEqual(
    keys(
      ['js-workers-0-1-bcdfg', 'js-leader-0-0-hjklm', 'js-workers-0-0-npqrs'],
      ['js-leader-0-0-tvwxz', 'js-workers-0-0-24567', 'js-workers-0-1-89bcd'],
    ),
    [
      ['workers-0-1', 'leader-0-0', 'workers-0-0'],
      ['leader-0-0', 'workers-0-0', 'workers-0-1'],
    ],
  );
  assert.deepEqual(keys(['db-1', 'db-0'], ['db-0', 'db-1', 'db-2']), [
    ['1', '0'],
    ['0', '1', '2'],
  ]);
});

test('a retry of a rank comes after the pod before it', () => {
  assert.deepEqual(keys(['a-0-bcdfg', 'a-1-hjklm', 'a-0-npqrs'], ['a-1-tvwxz', 'a-0-24567']), [
    ['0', '1', '0 (2)'],
    ['1', '0'],
  ]);
});

test('hosts that both runs have are matched by their names', () => {
  assert.deepEqual(
    keys(['fast-box', 'slow-box'], ['slow-box', 'fast-box']),
    [
      ['fast', 'slow'],
      ['slow', 'fast'],
    ].map((names) => names.map((name) => `${name}-box`)),
  );
});

test('a run of one rank is matched with that rank of another', () => {
  assert.deepEqual(keys(['train-12-1-bcdfg', 'train-12-0-hjklm'], ['train-13-0-npqrs']), [['1', '0'], ['0']]);
});

test('what no name tells apart is matched by the order of arrival', () => {
  assert.deepEqual(keys(['web-7d9f8c6b5d-bcdfg', 'web-7d9f8c6b5d-hjklm'], ['web-5c8f7-npqrs']), [
    ['0', '1'],
    ['0'],
  ]);
  assert.deepEqual(keys(['one'], ['other']), [['0'], ['0']]);
  assert.deepEqual(keys(['red', 'blue'], ['green', 'grey']), [
    ['0', '1'],
    ['0', '1'],
  ]);
});
