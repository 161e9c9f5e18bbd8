import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CompareAnswer } from '../../../protocol/comparison.ts';
import { FindingsPage, PhasesPage } from '../../../protocol/findings.ts';
import { WallSplit } from '../../../protocol/wall-split.ts';
import { FakeStore, member, processEntry, run, series, totalsOf } from '../fake-store.ts';
import { answered, assertRefused, serve } from './serving.ts';

const SECONDS = 40;

function store(): FakeStore {
  const samples = (at: (i: number) => number) =>
    Array.from({ length: SECONDS * 10 + 1 }, (_, i) => [i * 100, Math.round(at(i))] as const);
  const totals = totalsOf({ wallSeconds: SECONDS * 1000 });
  const filled = new FakeStore();
  filled.put(run(1, { members: [member({ totals })] }), { processes: [processEntry()] }, [
    series(
      'rssBytes',
      samples((i) => (50 + i / 10) * 2 ** 20),
    ),
    series(
      'utimeTicks',
      samples((i) => (i < 200 ? 0 : 30 * (i - 200))),
    ),
  ]);
  return filled;
}

test('GET /v1/runs/{id}/findings answers what stands out, with an entity tag', async () => {
  const app = await serve(store());
  const response = await app.inject('/v1/runs/train@1/findings');
  const { findings } = answered(FindingsPage, response) as FindingsPage;
  assert.deepEqual(
    findings.map(({ kind, process }) => [kind, process]),
    [['leak', '0.0']],
  );
  const again = await app.inject({
    url: '/v1/runs/train@1/findings',
    headers: { 'if-none-match': String(response.headers.etag) },
  });
  assert.equal(again.statusCode, 304);
  await assertRefused(app, '/v1/runs/train@9/findings', 'PODO_RUN_NOT_FOUND', /"train@9"/);
});

test('GET /v1/runs/{id}/phases cuts the run where it begins to compute', async () => {
  const { phases } = answered(
    PhasesPage,
    await (await serve(store())).inject('/v1/runs/train@1/phases'),
  ) as PhasesPage;
  assert.ok(phases.some(({ fromMs }) => Math.abs(fromMs - 20_000) <= 400));
  assert.deepEqual([phases[0]?.fromMs, phases.at(-1)?.toMs], [0, SECONDS * 1000]);
});

test('GET /v1/compare pairs the phases of both runs', async () => {
  const { phases } = answered(
    CompareAnswer,
    await (await serve(store())).inject('/v1/compare?runs=train@1,train@1'),
  ) as CompareAnswer;
  assert.ok(phases && phases.pairs.length > 1);
  for (const { a, b, alike } of phases.pairs) assert.deepEqual([a, alike], [b, true]);
});

test('GET /v1/runs/{id}/wall-split answers the parts that were measured', async () => {
  const app = await serve(store());
  const response = await app.inject('/v1/runs/train@1/wall-split');
  const { cpuSeconds = 0, otherSeconds = 0, ...rest } = answered(WallSplit, response) as WallSplit;
  assert.ok(Math.abs(cpuSeconds - 20) < 0.5 && Math.abs(otherSeconds - 20) < 0.5);
  assert.deepEqual(rest, { wallSeconds: SECONDS });
  await assertRefused(app, '/v1/runs/train@9/wall-split', 'PODO_RUN_NOT_FOUND', /"train@9"/);
});
