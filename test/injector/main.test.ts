import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readInjectorConfig } from '../../injector/config.ts';
import { runInjector } from '../../injector/main.ts';
import type { Policy } from '../../injector/webhook/admitter.ts';
import { systemClock } from '../../lib/clock.ts';
import { ApiAccess } from '../../lib/cluster/api-access.ts';
import { type ApiServer, startApiServer } from '../api-server/api-server.ts';
import { ownedBy, until } from './cluster/viewing.ts';
import { review } from './webhook/sample-review.ts';
import { type Answer, authority, client, exchange } from './webhook/serving.ts';

interface Running {
  readonly folder: string;
  readonly healthPort: number;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  post(body: string): Promise<Answer>;
}

/** Injects all but what is owned by a DaemonSet. */
const policy: Policy = ({ pod }) =>
  pod.metadata?.ownerReferences?.[0]?.kind === 'DaemonSet'
    ? { kind: 'skip', reason: 'host-pid', warning: 'not this one' }
    : { kind: 'inject', patch: [{ op: 'add', path: '/x', value: 1 }], warnings: [] };

async function run(t: TestContext, server: ApiServer, env: Record<string, string> = {}): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'podometer-'));
  const stop = new AbortController();
  const listening = Promise.withResolvers<{ port: number; healthPort: number }>();
  const ended = runInjector({
    config: readInjectorConfig({
      PODOMETER_NAMESPACE: 'podometer',
      PODOMETER_IMAGE: 'podometer:test',
      PODOMETER_HOST: '127.0.0.1',
      PODOMETER_PORT: '0',
      PODOMETER_HEALTH_PORT: '0',
      PODOMETER_CERTIFICATE_FOLDER: folder,
      PODOMETER_DRAIN: '0ms',
      ...env,
    }),
    version: '0.0.0',
    policy,
    cluster: server.configure(new ApiAccess(systemClock)),
    clock: systemClock,
    log: () => {},
    stop: stop.signal,
    onListening: listening.resolve,
    certificateEveryMs: 10,
  });
  const agent = client();
  t.after(async () => {
    agent.destroy();
    stop.abort();
    await ended;
    await rm(folder, { recursive: true });
  });
  const { port, healthPort } = await listening.promise;
  return {
    folder,
    healthPort,
    stop,
    ended,
    post: (body) => exchange(`https://localhost:${port}/mutate`, agent, body, 'application/json'),
  };
}

async function writeCertificate(folder: string): Promise<void> {
  const { certificate, key } = await authority.issue(1);
  await writeFile(join(folder, 'tls.crt'), certificate);
  await writeFile(join(folder, 'tls.key'), key);
}

async function readiness(healthPort: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${healthPort}/readyz`)).text();
}

test('it is ready once it has a certificate and knows the cluster, and alive before', async (t) => {
  const server = await startApiServer(t);
  server.faults.add({ match: /resourcequotas/, delayMs: 300, times: 1 });
  const { folder, healthPort } = await run(t, server);
  assert.equal((await fetch(`http://127.0.0.1:${healthPort}/livez`)).status, 200);
  assert.match(await readiness(healthPort), /^not ready: no certificate in .*resourcequotas: not read yet/);
  await writeCertificate(folder);
  await until(async () => !(await readiness(healthPort)).includes('no certificate'));
  assert.match(await readiness(healthPort), /^not ready: resourcequotas: not read yet\n$/);
  await until(async () => (await readiness(healthPort)) === 'ok\n');
  const figures = await (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text();
  assert.match(figures, /^podometer_certificate_expiry_timestamp_seconds \d+$/m);
});

test('a pod is let through unchanged before the cluster is known, and injected after', async (t) => {
  const server = await startApiServer(t);
  server.store.put('v1 namespaces', { metadata: { name: 'team-a' } });
  server.faults.add({ match: /limitranges/, status: 503 });
  const { folder, healthPort, post } = await run(t, server);
  await writeCertificate(folder);
  await until(async () => !(await readiness(healthPort)).includes('no certificate'));
  const before = JSON.parse((await post(review())).body).response;
  assert.equal(before.patch, undefined);
  assert.match(before.warnings[0], /does not know this namespace/);
  server.faults.clear();
  await until(async () => (await readiness(healthPort)) === 'ok\n');
  assert.equal(JSON.parse((await post(review())).body).response.patchType, 'JSONPatch');
});

test('a pod that is left alone leaves an Event on its owner, but not in a dry run', async (t) => {
  const server = await startApiServer(t);
  server.store.put('v1 namespaces', { metadata: { name: 'team-a' } });
  const { folder, healthPort, post } = await run(t, server);
  await writeCertificate(folder);
  await until(async () => (await readiness(healthPort)) === 'ok\n');
  const spec = { containers: [{ name: 'app' }] };
  for (const dryRun of [true, false]) {
    const object = { ...ownedBy('DaemonSet', `logs-${dryRun}`, `uid-${dryRun}`), spec };
    const { warnings } = JSON.parse((await post(review({ dryRun, object }))).body).response;
    assert.deepEqual(warnings, ['not this one']);
  }
  await until(() => server.store.list('v1 events').length === 1);
  const [event] = server.store.list('v1 events', 'team-a') as { involvedObject?: { name: string } }[];
  assert.equal(event?.involvedObject?.name, 'logs-false');
});

test('told to stop, it says that it is not ready, takes reviews for a while, and ends', async (t) => {
  const server = await startApiServer(t);
  server.store.put('v1 namespaces', { metadata: { name: 'team-a' } });
  const { folder, healthPort, post, stop, ended } = await run(t, server, { PODOMETER_DRAIN: '300ms' });
  await writeCertificate(folder);
  await until(async () => (await readiness(healthPort)) === 'ok\n');
  stop.abort();
  assert.equal(await readiness(healthPort), 'not ready: it is about to end\n');
  const { status, headers } = await post(review());
  assert.deepEqual([status, headers.connection], [200, 'close']);
  await ended;
  await assert.rejects(post(review()), /ECONNREFUSED|ECONNRESET/);
});

test('a port that is taken is told by its number', async (t) => {
  const server = await startApiServer(t);
  const { healthPort } = await run(t, server);
  const config = { PODOMETER_NAMESPACE: 'podometer', PODOMETER_IMAGE: 'i', PODOMETER_HOST: '127.0.0.1' };
  const second = runInjector({
    config: readInjectorConfig({ ...config, PODOMETER_HEALTH_PORT: String(healthPort) }),
    version: '0.0.0',
    policy,
    cluster: server.configure(new ApiAccess(systemClock)),
    clock: systemClock,
    log: () => {},
    stop: AbortSignal.abort(),
  });
  await assert.rejects(second, { code: 'PODO_PORT_IN_USE', message: new RegExp(`port ${healthPort}`) });
});
