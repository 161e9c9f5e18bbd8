import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CompareAnswer } from '../../../protocol/query.ts';
import { FakeStore, member, processEntry, run, series, totalsOf } from '../fake-store.ts';
import { answered, assertRefused, serve } from './serving.ts';

function store(): FakeStore {
  const filled = new FakeStore();
  for (const number of [1, 2, 3, 4]) {
    const totals = totalsOf({ wallSeconds: number * 1000 });
    filled.put(run(number, { members: [member({ totals })] }), { processes: [processEntry()] }, [
      series('utimeTicks', [[1000, number * 100]]),
    ]);
  }
  return filled;
}

test('GET /v1/compare answers both runs, their differences and the history without the baseline', async () => {
  const app = await serve(store());
  const answer = answered(
    CompareAnswer,
    await app.inject('/v1/compare?runs=train@3,train@latest'),
  ) as CompareAnswer;
  assert.deepEqual([answer.a.ref, answer.b.ref], ['train@3', 'train@4']);
  const [wall] = answer.measures;
  assert.deepEqual([wall?.measure, wall?.a, wall?.b, wall?.history?.runs], ['wallSeconds', 3, 4, 2]);
  assert.equal(wall?.history?.median, 1.5);
  assert.deepEqual(
    answer.processes.map((one) => [one.comm, one.a.cpuSeconds, one.b.cpuSeconds]),
    [['train', 3, 4]],
  );
});

test('GET /v1/compare takes two runs that exist and no other number', async () => {
  const app = await serve(store());
  await assertRefused(app, '/v1/compare?runs=train@1', 'PODO_BAD_REQUEST', /"train@1", which names 1 run/);
  await assertRefused(app, '/v1/compare?runs=train@1,train@2,train@3', 'PODO_BAD_REQUEST', /names 3 runs/);
  await assertRefused(app, '/v1/compare?runs=train@1,train@9', 'PODO_RUN_NOT_FOUND', /"train@9"/);
  await assertRefused(app, '/v1/compare', 'PODO_BAD_REQUEST', /"runs"/);
});
