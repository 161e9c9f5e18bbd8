import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ending } from '../../agent/ending.ts';

const RUNS = { allEnded: false, isAlone: false };

test('it is over five seconds after the last container ended', () => {
  const ending = new Ending();
  const ended = { allEnded: true, isAlone: false };
  assert.equal(ending.note(RUNS, 0), 'goes on');
  assert.equal(ending.note(ended, 1000), 'goes on');
  assert.equal(ending.note(ended, 5999), 'goes on');
  assert.equal(ending.note(ended, 6000), 'ended');
});

test('a container that is started again within that time is waited for', () => {
  const ending = new Ending();
  ending.note({ allEnded: true, isAlone: true }, 0);
  assert.equal(ending.note(RUNS, 3000), 'goes on');
  assert.equal(ending.note({ allEnded: true, isAlone: true }, 6000), 'goes on');
});

test('where nothing was seen it is over once the agent was alone for half a minute', () => {
  const ending = new Ending();
  const alone = { allEnded: false, isAlone: true };
  assert.equal(ending.note(alone, 500), 'goes on');
  assert.equal(ending.note(alone, 30_000), 'goes on');
  assert.equal(ending.note(alone, 30_500), 'unseen');
});

test('a process of any container keeps it going', () => {
  const ending = new Ending();
  const alone = { allEnded: false, isAlone: true };
  ending.note(alone, 0);
  assert.equal(ending.note(RUNS, 20_000), 'goes on');
  assert.equal(ending.note(alone, 40_000), 'goes on');
});
