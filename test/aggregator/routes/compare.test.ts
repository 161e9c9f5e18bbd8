import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CompareAnswer } from '../../../protocol/comparison.ts';
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
  await assertRefused(app, '/v1/compare', 'PODO_BAD_REQUEST', /"a" and "b"/);
  await assertRefused(app, '/v1/compare?a=train@1', 'PODO_BAD_REQUEST', /"a" and "b"/);
});

test('GET /v1/compare takes sets of runs, measures and what is to be left out', async () => {
  const app = await serve(store());
  const address = '/v1/compare?a=train@1..2&b=train@3..4&measures=wall&leaveOut=failed,outlier&effect=0.1';
  const answer = answered(CompareAnswer, await app.inject(address)) as CompareAnswer;
  assert.deepEqual(
    [answer.sides.a, answer.sides.b].map(({ label, runs }) => [label, runs.map(({ ref }) => ref)]),
    [
      ['train@1..2', ['train@1', 'train@2']],
      ['train@3..4', ['train@3', 'train@4']],
    ],
  );
  assert.deepEqual(
    answer.measures.map(({ measure, a, b }) => [measure, a, b]),
    [['wallSeconds', 1.5, 3.5]],
  );
  assert.deepEqual([answer.settings.effect, answer.settings.leaveOut], [0.1, ['failed', 'outlier']]);
});

test('GET /v1/compare names what it does not know', async () => {
  const app = await serve(store());
  const sides = '/v1/compare?a=train@1&b=train@2';
  await assertRefused(app, `${sides}&measures=wal`, 'PODO_BAD_REQUEST', /"measures" names "wal"/);
  await assertRefused(app, `${sides}&leaveOut=late`, 'PODO_BAD_REQUEST', /"leaveOut" names "late"/);
  await assertRefused(app, '/v1/compare?a=train@7..9&b=train@1', 'PODO_RUN_NOT_FOUND', /"train@7..9"/);
});
