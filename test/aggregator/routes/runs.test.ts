import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunView } from '../../../protocol/query.ts';
import { RunsPage } from '../../../protocol/run-list.ts';
import { FakeStore, openMember, run } from '../fake-store.ts';
import { answered, assertRefused, serve } from './serving.ts';

const threeRuns = () => new FakeStore(run(1), run(2), run(3, { members: [openMember()] }));

test('GET /v1/runs answers pages that follow each other', async () => {
  const app = await serve(threeRuns());
  const first = answered(RunsPage, await app.inject('/v1/runs?limit=2')) as RunsPage;
  assert.deepEqual(
    first.runs.map((one) => one.ref),
    ['train@3', 'train@2'],
  );
  const second = answered(
    RunsPage,
    await app.inject(`/v1/runs?limit=2&cursor=${first.nextCursor}`),
  ) as RunsPage;
  assert.deepEqual(
    second.runs.map((one) => one.ref),
    ['train@1'],
  );
  assert.equal(second.nextCursor, undefined);
});

test('GET /v1/runs filters by what the query names', async () => {
  const app = await serve(threeRuns());
  const { runs } = answered(RunsPage, await app.inject('/v1/runs?state=running&workload=train')) as RunsPage;
  assert.deepEqual(
    runs.map((one) => one.ref),
    ['train@3'],
  );
  const none = answered(RunsPage, await app.inject('/v1/runs?workload=other')) as RunsPage;
  assert.deepEqual(none.runs, []);
  const found = answered(RunsPage, await app.inject('/v1/runs?outcome=succeeded&text=TRAIN%401')) as RunsPage;
  assert.deepEqual(
    found.runs.map((one) => one.ref),
    ['train@1'],
  );
  const elsewhere = answered(RunsPage, await app.inject('/v1/runs?host=elsewhere')) as RunsPage;
  assert.deepEqual(elsewhere.runs, []);
});

test('GET /v1/runs refuses a field that it does not know or cannot read, by name and value', async () => {
  const app = await serve(threeRuns());
  const refused = (query: string, detail: RegExp) =>
    assertRefused(app, `/v1/runs?${query}`, 'PODO_BAD_REQUEST', detail);
  await refused('limit=0', /"limit" is "0": it must be >= 1/);
  await refused('limit=many', /"limit" is "many": it must be integer/);
  await refused('limit=2.5', /"limit" is "2\.5": it must be integer/);
  await refused('limit=', /"limit" is ""/);
  await refused('limit=1&limit=2', /"limit" is \["1","2"\]/);
  await refused('state=dead', /"state" is "dead": it must be one of running, finished, interrupted/);
  await refused(
    'outcome=good',
    /"outcome" is "good": it must be one of running, succeeded, failed, interrupted/,
  );
  await refused('host=', /"host" is "": it must not have fewer than 1 characters/);
  await refused(`text=${'x'.repeat(1001)}`, /"text" is "x+…: it must not have more than 1000 characters/);
  await refused('sort=name', /"sort" is "name": it must be one of startedAt, wallSeconds/);
  await refused('since=yesterday', /"since" is "yesterday"/);
  await refused('tag=fast', /"tag" is "fast"/);
  await refused('stat=running', /unknown field "stat"/);
  await refused('cursor=xyz', /"cursor" is "xyz"/);
});

test('GET /v1/runs/{id} takes any reference', async () => {
  const app = await serve(new FakeStore(run(1), run(2, { workload: { kind: 'Local', name: 'a/b c' } })));
  for (const [reference, ref] of [
    ['run-train-0001', 'train@1'],
    ['run-tra', 'train@1'],
    ['train@latest', 'train@1'],
    ['a%2Fb%20c%402', 'a/b c@2'],
  ]) {
    const view = answered(RunView, await app.inject(`/v1/runs/${reference}`)) as RunView;
    assert.equal(view.ref, ref);
  }
});

test('GET /v1/runs/{id} takes the longest name that a workload can have', async () => {
  const name = '漢'.repeat(253);
  const app = await serve(new FakeStore(run(1, { workload: { kind: 'Local', name } })));
  const view = answered(RunView, await app.inject(`/v1/runs/${encodeURIComponent(`${name}@1`)}`)) as RunView;
  assert.equal(view.workload.name, name);
});

test('an unknown run is answered with what it may have meant', async () => {
  const app = await serve(threeRuns());
  for (const path of ['', '/processes', '/series?columns=rssBytes', '/events']) {
    await assertRefused(app, `/v1/runs/train@7${path}`, 'PODO_RUN_NOT_FOUND', /"train@7"/);
  }
});

test('PATCH /v1/runs/{id} changes tags, note and pin, and keeps them', async () => {
  const store = threeRuns();
  const app = await serve(store);
  const payload = { tags: { commit: 'abc' }, note: 'a note', pinned: true };
  const view = answered(
    RunView,
    await app.inject({ method: 'PATCH', url: '/v1/runs/train@1', payload }),
  ) as RunView;
  assert.deepEqual([view.tags, view.note, view.pinned], [payload.tags, payload.note, true]);
  assert.deepEqual(store.run('run-train-0001')?.tags, payload.tags);
  assert.equal(store.run('run-train-0001')?.note, 'a note');
});

test('PATCH /v1/runs/{id} refuses what it does not know, by name and value', async () => {
  const store = threeRuns();
  const app = await serve(store);
  const refused = (payload: object | string, detail: RegExp) => {
    const headers = { 'content-type': 'application/json' };
    return assertRefused(
      app,
      { method: 'PATCH', url: '/v1/runs/train@1', payload, headers },
      'PODO_BAD_REQUEST',
      detail,
    );
  };
  await refused({}, /body is {}/);
  await refused({ number: 7 }, /unknown field "number"/);
  await refused({ pinned: 'yes' }, /"pinned" is "yes": it must be boolean/);
  await refused({ tags: { a: 1 } }, /"tags\.a" is 1/);
  await refused({ tags: { 'a b': 'x' } }, /"a b"/);
  await refused('{"pinned"', /JSON/);
  assert.deepEqual(store.run('run-train-0001'), run(1));
});

test('DELETE /v1/runs/{id} deletes a run that has ended', async () => {
  const store = threeRuns();
  const app = await serve(store);
  const response = await app.inject({ method: 'DELETE', url: '/v1/runs/train@1' });
  assert.deepEqual([response.statusCode, response.body], [204, '']);
  assert.equal(store.run('run-train-0001'), undefined);
});

test('DELETE /v1/runs/{id} refuses a run that goes on', async () => {
  const store = threeRuns();
  const app = await serve(store);
  await assertRefused(app, { method: 'DELETE', url: '/v1/runs/train@3' }, 'PODO_RUN_RUNNING', /train@3/);
  assert.ok(store.run('run-train-0003'));
});
