import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CERTIFICATE_FILE, KEY_FILE } from '../../lib/key-pair-folder.ts';
import { startApiServer } from '../api-server/api-server.ts';
import { answerReviews, type KnownToken } from '../api-server/reviews.ts';
import { authority, podToken, type RunningAggregator, startAggregator } from './running-aggregator.ts';
import { batchOf, bytesOf, declarationOf } from './store/sample-batches.ts';

interface Running extends RunningAggregator {
  readonly tokens: Map<string, KnownToken>;
}

async function run(t: TestContext): Promise<Running> {
  const api = await startApiServer(t);
  const tokens = new Map<string, KnownToken>([
    ['agent-a', podToken('pod-a')],
    ['agent-b', podToken('pod-b')],
    ['reader', { username: 'rita' }],
    ['editor', { username: 'ed' }],
    ['nobody', { username: 'nina' }],
  ]);
  const roles: Readonly<Record<string, readonly string[]>> = {
    rita: ['get', 'list'],
    ed: ['get', 'list', 'update', 'delete'],
  };
  answerReviews(api, tokens, (user, what) => {
    const [verb = '', ...rest] = what.split(' ');
    return rest.join(' ') === 'runs.podometer.dev in team' && (roles[user] ?? []).includes(verb);
  });
  return { ...(await startAggregator(t, { api })), tokens };
}

const declared = (member: string, namespace = 'team') =>
  declarationOf({ member, workload: { kind: 'Job', name: 'train', namespace } });
const first = (member: string, namespace?: string) =>
  bytesOf(batchOf(0, {}, { declaration: declared(member, namespace) }));

test('an agent writes for the pod that its token is bound to, from the first batch to the last', async (t) => {
  const { send, ask } = await run(t);

  assert.deepEqual(await send('agent-a', first('pod-a')), { kind: 'acknowledged' });
  assert.deepEqual(await send('agent-a', bytesOf(batchOf(1))), { kind: 'acknowledged' });
  const { status, body } = await ask('GET', '/v1/runs', 'reader');
  assert.equal(status, 200);
  assert.equal(JSON.parse(body).runs[0].workload.name, 'train');
});

test('what is of another pod, another namespace or another audience is refused, and told in one line each', async (t) => {
  const { send, ask, tokens, logged } = await run(t);
  tokens.set('elsewhere', podToken('pod-a', 'other'));
  tokens.set('unbound', { username: 'system:serviceaccount:team:default', audience: 'podometer' });

  assert.equal((await send('agent-b', first('pod-a'))).kind, 'denied');
  assert.deepEqual(await send('agent-a', first('pod-a')), { kind: 'acknowledged' });
  // The second batch does not say again whose it is.
  assert.equal((await send('agent-b', bytesOf(batchOf(1)))).kind, 'denied');
  assert.equal((await send('agent-a', first('pod-a', 'other'))).kind, 'denied');
  // An earlier pod of the same name.
  const declaration = { ...declared('pod-a'), podUid: 'another-uid' };
  assert.equal((await send('agent-a', bytesOf(batchOf(0, { agent: 9 }, { declaration })))).kind, 'denied');
  for (const token of ['elsewhere', 'unbound', 'reader', 'unknown']) {
    assert.equal((await send(token, first('pod-a'))).kind, 'denied', token);
  }
  // An agent's token is made out for us, and opens nothing else.
  assert.equal((await ask('GET', '/v1/runs', 'agent-a')).status, 401);
  const denied = logged.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  assert.equal(denied.length, 9);
  assert.deepEqual([denied[0].audit, denied[0].code, denied[0].user], ['denied', 'PODO_FORBIDDEN', 'pod-b']);
});

test('people may do with runs what their roles allow in this namespace', async (t) => {
  const { send, ask } = await run(t);
  await send('agent-a', first('pod-a'));

  assert.equal((await ask('GET', '/v1/runs')).status, 401);
  assert.equal((await ask('GET', '/v1/runs', 'unknown')).status, 401);
  assert.equal((await ask('GET', '/v1/runs', 'nobody')).status, 403);
  assert.equal((await ask('GET', '/v1/runs/train@1', 'reader')).status, 200);
  assert.equal((await ask('DELETE', '/v1/runs/train@1', 'reader')).status, 403);
  assert.notEqual((await ask('DELETE', '/v1/runs/train@1', 'editor')).status, 403);
  assert.equal((await ask('GET', '/livez')).status, 200);
});

test('who has been told once is not asked about again, and a silent API server opens nothing', async (t) => {
  const { api, ask } = await run(t);
  await ask('GET', '/v1/runs', 'reader');
  const asked = api.requests.length;
  await ask('GET', '/v1/runs', 'reader');
  assert.equal(api.requests.length, asked);

  await api.close();
  assert.equal((await ask('GET', '/v1/runs', 'reader')).status, 200);
  assert.equal((await ask('GET', '/v1/runs', 'editor')).status, 502);
});

test('a certificate that is replaced is used for the next connection', async (t) => {
  const { folder, logged, ask } = await run(t);
  const pair = await authority.issue(2);
  await writeFile(join(folder, KEY_FILE), pair.key);
  await writeFile(join(folder, CERTIFICATE_FILE), pair.certificate);
  const valid = () => logged.filter((line) => line.includes('certificate is valid')).length;
  while (valid() < 2) await new Promise((r) => setTimeout(r, 5));

  assert.equal((await ask('GET', '/readyz')).status, 200);
});

test('told to stop, it closes its store, and another one takes it up', async (t) => {
  const { stop, ended, ask } = await run(t);
  stop.abort();
  await ended;
  await assert.rejects(ask('GET', '/livez'));
});
