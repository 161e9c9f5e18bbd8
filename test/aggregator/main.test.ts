import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { BatchClient, type Delivery } from '../../agent/push/batch-client.ts';
import { TokenFile } from '../../agent/push/token-file.ts';
import { readAggregatorConfig } from '../../aggregator/config.ts';
import { runAggregator } from '../../aggregator/main.ts';
import type { Output } from '../../cli/command.ts';
import { requestLogger } from '../../cli/serve/request-log.ts';
import { systemClock } from '../../lib/clock.ts';
import { ApiAccess } from '../../lib/cluster/api-access.ts';
import { CERTIFICATE_FILE, KEY_FILE } from '../../lib/key-pair-folder.ts';
import { type ApiServer, startApiServer } from '../api-server/api-server.ts';
import { answerReviews, type KnownToken } from '../api-server/reviews.ts';
import { testAuthority } from '../test-authority.ts';
import { batchOf, bytesOf, declarationOf } from './store/sample-batches.ts';

const authority = await testAuthority();
const NOWHERE: Output = { write() {}, closed: false, isTty: false, columns: 80, colour: false };

function podToken(pod: string, namespace = 'team'): KnownToken {
  return {
    username: `system:serviceaccount:${namespace}:default`,
    audience: 'podometer',
    extra: {
      'authentication.kubernetes.io/pod-name': [pod],
      'authentication.kubernetes.io/pod-uid': [`uid-of-${pod}`],
    },
  };
}

interface Running {
  readonly api: ApiServer;
  readonly folder: string;
  readonly tokens: Map<string, KnownToken>;
  readonly logged: string[];
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  send(token: string, bytes: Uint8Array): Promise<Delivery>;
  ask(method: string, path: string, token?: string): Promise<{ status: number; body: string }>;
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
  const folder = await mkdtemp(join(tmpdir(), 'podometer-'));
  const pair = await authority.issue(1);
  await writeFile(join(folder, CERTIFICATE_FILE), pair.certificate);
  await writeFile(join(folder, KEY_FILE), pair.key);
  const logged: string[] = [];
  const stop = new AbortController();
  const listening = Promise.withResolvers<number>();
  const ended = runAggregator({
    config: readAggregatorConfig({
      PODOMETER_NAMESPACE: 'team',
      PODOMETER_HOST: '127.0.0.1',
      PODOMETER_PORT: '0',
      PODOMETER_CERTIFICATE_FOLDER: folder,
      PODOMETER_DATA: join(folder, 'data'),
    }),
    cluster: api.configure(new ApiAccess(systemClock)),
    clock: systemClock,
    version: '0.0.0',
    pageFolder: join(folder, 'page'),
    logger: requestLogger(NOWHERE),
    log: (message) => void logged.push(message),
    stop: stop.signal,
    onListening: listening.resolve,
    certificateEveryMs: 10,
  });
  const connections = new Agent({ keepAlive: true, ca: authority.ca });
  t.after(async () => {
    connections.destroy();
    stop.abort();
    await ended;
    await rm(folder, { recursive: true });
  });
  const url = `https://localhost:${await listening.promise}`;
  while (!logged.some((line) => line.includes('certificate is valid')))
    await new Promise((r) => setTimeout(r, 5));
  return {
    api,
    folder,
    tokens,
    logged,
    stop,
    ended,
    async send(token, bytes) {
      const file = join(folder, 'token');
      await writeFile(file, token);
      const client = new BatchClient({
        url: new URL(url),
        ca: authority.ca,
        token: new TokenFile(file),
        timeoutMs: 5000,
        wallMs: Date.now,
      });
      const delivery = await client.send(bytes);
      client.close();
      return delivery;
    },
    ask: (method, path, token) =>
      new Promise((resolve, reject) => {
        const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
        request(`${url}${path}`, { method, agent: connections, headers }, (answer) => {
          text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject);
        })
          .once('error', reject)
          .end();
      }),
  };
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

  assert.equal((await send('agent-b', first('pod-a'))).kind, 'later');
  assert.deepEqual(await send('agent-a', first('pod-a')), { kind: 'acknowledged' });
  // The second batch does not say again whose it is.
  assert.equal((await send('agent-b', bytesOf(batchOf(1)))).kind, 'later');
  assert.equal((await send('agent-a', first('pod-a', 'other'))).kind, 'later');
  for (const token of ['elsewhere', 'unbound', 'reader', 'unknown']) {
    assert.equal((await send(token, first('pod-a'))).kind, 'later', token);
  }
  // An agent's token is made out for us, and opens nothing else.
  assert.equal((await ask('GET', '/v1/runs', 'agent-a')).status, 401);
  const denied = logged.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  assert.equal(denied.length, 8);
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
