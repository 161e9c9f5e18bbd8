import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { gathered } from '../../../aggregator/page/pacing.ts';

test('a task that takes long rests for longer, and wishes meanwhile are met by one more run', async () => {
  const ended = new AbortController();
  const startedAt: number[] = [];
  const task = async (): Promise<void> => {
    startedAt.push(performance.now());
    await setTimeout(60);
  };
  const wish = gathered(task, 10, ended.signal);
  wish();
  for (const _ of [1, 2, 3]) {
    await setTimeout(5);
    wish();
  }
  while (startedAt.length < 2) await setTimeout(5);
  const [first = 0, second = 0] = startedAt;
  assert.ok(second - first >= 175, `it ran again after ${second - first} ms`);
  await setTimeout(200);
  assert.equal(startedAt.length, 2);
  ended.abort();
});
