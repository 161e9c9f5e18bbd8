import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeriesAnswer } from '../../../protocol/query.ts';
import { member, openMember, run } from '../fake-store.ts';
import { sampledStore } from './samples.ts';
import { answered, assertRefused, serve } from './serving.ts';

const URL = '/v1/runs/train@1/series';

test('GET /v1/runs/{id}/series answers the columns in as many buckets as asked for', async () => {
  const app = await serve(sampledStore());
  const query = 'columns=utimeTicks,rssBytes&from=0&to=1000&points=2';
  const answer = answered(SeriesAnswer, await app.inject(`${URL}?${query}`)) as SeriesAnswer;
  assert.deepEqual(answer.times, [0, 500]);
  assert.deepEqual(
    answer.lines.map((line) => [line.key, line.column, line.mean]),
    [
      ['0.0', 'utimeTicks', [1, 1]],
      ['0.1', 'rssBytes', [4096, 8192]],
    ],
  );
  assert.deepEqual(answer.gaps, [{ atMs: 400, missed: 3 }]);
});

test('GET /v1/runs/{id}/series answers the named processes alone', async () => {
  const app = await serve(sampledStore());
  const query = 'columns=utimeTicks,rssBytes&processes=0.1';
  const answer = answered(SeriesAnswer, await app.inject(`${URL}?${query}`)) as SeriesAnswer;
  assert.deepEqual(
    answer.lines.map((line) => line.key),
    ['0.1'],
  );
});

test('GET /v1/runs/{id}/series answers means alone where no more is asked for', async () => {
  const app = await serve(sampledStore());
  const query = 'columns=utimeTicks,rssBytes&from=0&to=1000&points=2';
  const ask = async (more: string) =>
    (answered(SeriesAnswer, await app.inject(`${URL}?${query}${more}`)) as SeriesAnswer).lines;
  const whole = await ask('');
  assert.ok(whole.every(({ min, max }) => min?.length === 2 && max?.length === 2));
  assert.deepEqual(
    await ask('&only=mean'),
    whole.map(({ min: _, max: __, ...line }) => line),
  );
});

test('GET /v1/runs/{id}/series refuses what it does not know, by name and value', async () => {
  const app = await serve(sampledStore());
  const refused = (query: string, detail: RegExp) =>
    assertRefused(app, `${URL}?${query}`, 'PODO_BAD_REQUEST', detail);
  await refused('', /lacks the field "columns"/);
  await refused('columns=rss', /"rss"/);
  await refused('columns=rssBytes&processes=9.9', /"9\.9"/);
  await refused('columns=rssBytes&points=20000', /"points" is "20000": it must be <= 10000/);
  await refused('columns=rssBytes&from=0x', /"from" is "0x": it must be number/);
  await refused('columns=rssBytes&from=9&to=3', /"to" is 3/);
});

test('the copy of one question is not the answer to another, nor to the same of a run with more batches', async () => {
  const tagOf = async (query: string, lastSequence = 0) => {
    const app = await serve(sampledStore({ members: [member({ lastSequence })] }));
    return (await app.inject(`${URL}?${query}`)).headers.etag;
  };
  const tag = await tagOf('columns=rssBytes');
  assert.equal(await tagOf('columns=rssBytes'), tag);
  assert.notEqual(await tagOf('columns=rssBytes&points=7'), tag);
  assert.notEqual(await tagOf('columns=rssBytes', 1), tag);
});

test('an ended run asked for by its whole id need not be asked for again; under any other name it is', async () => {
  const cachedAs = async (id: string, members = [member()]) => {
    const app = await serve(sampledStore({ members }));
    const { headers } = await app.inject(`/v1/runs/${id}/series?columns=rssBytes`);
    return headers['cache-control'];
  };
  const { id } = run(1);
  assert.match(String(await cachedAs(id)), /immutable/);
  assert.equal(await cachedAs('train@latest'), 'private, no-cache');
  assert.equal(await cachedAs(id, [openMember()]), 'private, no-cache');
});
