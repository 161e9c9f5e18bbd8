import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { runView } from '../../../aggregator/query/run-view.ts';
import { followRun } from '../../../aggregator/routes/follow-run.ts';
import { openMember, run } from '../fake-store.ts';

test('a quiet run is kept alive by beats, and a client that is behind is not told more', () => {
  mock.timers.enable({ apis: ['setInterval'] });
  const told: string[] = [];
  const closing = new AbortController();
  const stream = {
    isBehind: false,
    closed: closing.signal,
    send: (event: string) => told.push(event),
    beat: () => told.push('beat'),
    end: () => closing.abort(),
  };
  let sequence = 0;
  followRun(stream, {
    read: () => run(1, { members: [openMember({ lastSequence: sequence })] }),
    view: (record) => runView(record, 'running'),
    failed: assert.fail,
    everyMs: 1000,
  });
  assert.deepEqual(told.splice(0), ['run', 'samples']);
  mock.timers.tick(15_000);
  assert.deepEqual(told.splice(0), ['beat']);

  stream.isBehind = true;
  sequence = 1;
  mock.timers.tick(3000);
  assert.deepEqual(told.splice(0), []);
  stream.isBehind = false;
  mock.timers.tick(1000);
  assert.deepEqual(told.splice(0), ['samples']);

  closing.abort();
  sequence = 2;
  mock.timers.tick(60_000);
  assert.deepEqual(told, []);
  mock.timers.reset();
});
