import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import type { V1MutatingWebhookConfiguration, V1Secret } from '@kubernetes/client-node';
import { issue, leadsTo, makeRoot } from '../../../injector/certificates/authority.ts';
import type { CertificateMode } from '../../../injector/certificates/certificate-mode.ts';
import { Certificates } from '../../../injector/certificates/certificates.ts';
import { systemClock } from '../../../lib/clock.ts';
import { ApiAccess } from '../../../lib/cluster/api-access.ts';
import type { KeyPair } from '../../../lib/key-pair-folder.ts';
import { type ApiServer, startApiServer } from '../../api-server/api-server.ts';
import { until } from '../cluster/viewing.ts';

const YEAR_MS = 365 * 86_400_000;
const SECRETS = 'v1 secrets';
const CONFIGURATIONS = 'admissionregistration.k8s.io/v1 mutatingwebhookconfigurations';

interface Running {
  readonly certificates: Certificates;
  readonly pairs: KeyPair[];
  readonly said: string[];
  leap(ms: number): void;
}

function run(t: TestContext, server: ApiServer, mode: Exclude<CertificateMode, 'files'> = 'self'): Running {
  const stop = new AbortController();
  const pairs: KeyPair[] = [];
  const said: string[] = [];
  let leapMs = 0;
  const certificates = new Certificates({
    cluster: server.configure(new ApiAccess(systemClock)),
    clock: { wallMs: () => systemClock.wallMs() + leapMs },
    mode,
    namespace: 'podometer',
    secret: 'podometer-ca',
    service: 'podometer-injector',
    webhookConfiguration: 'podometer',
    onPair: (pair) => pairs.push(pair),
    log: (message) => said.push(message),
    stop: stop.signal,
    everyMs: 10,
  });
  const running = certificates.run();
  t.after(async () => {
    stop.abort();
    await running;
  });
  return {
    certificates,
    pairs,
    said,
    leap: (ms) => {
      leapMs += ms;
    },
  };
}

function putSecret(server: ApiServer, texts: Record<string, string> = {}): void {
  const data = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  server.store.put(SECRETS, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: 'podometer', name: 'podometer-ca' },
    ...(data.length > 0 && { data: Object.fromEntries(data) }),
  } as never);
}

/** As helm applies it: without a caBundle. */
function putConfiguration(server: ApiServer, caBundle?: string): void {
  const service = { name: 'podometer-injector', namespace: 'podometer', path: '/mutate' };
  const clientConfig = { service, ...(caBundle !== undefined && { caBundle }) };
  server.store.put(CONFIGURATIONS, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'podometer' },
    webhooks: [{ name: 'pods.podometer.dev', clientConfig }],
  } as never);
}

function trusted(server: ApiServer): string {
  const found = server.store.get(CONFIGURATIONS, undefined, 'podometer') as V1MutatingWebhookConfiguration;
  return Buffer.from(found.webhooks?.[0]?.clientConfig.caBundle ?? '', 'base64').toString();
}

function secretText(server: ApiServer, key: string, namespace = 'podometer', name = 'podometer-ca'): string {
  const found = server.store.get(SECRETS, namespace, name) as V1Secret | undefined;
  return Buffer.from(found?.data?.[key] ?? '', 'base64').toString();
}

async function prepared(t: TestContext): Promise<ApiServer> {
  const server = await startApiServer(t);
  putSecret(server);
  putConfiguration(server);
  return server;
}

const isReady = ({ certificates }: Running) => certificates.missing().length === 0;

test('an empty Secret is given an authority, and the API server is told to trust it', async (t) => {
  const server = await prepared(t);
  const one = run(t, server);
  assert.notDeepEqual(one.certificates.missing(), []);
  await until(() => isReady(one));
  assert.equal(trusted(server), one.certificates.bundle);
  assert.ok(leadsTo(one.pairs[0]?.certificate ?? '', trusted(server)));
  const names = new X509Certificate(one.pairs[0]?.certificate ?? '').subjectAltName;
  assert.match(names ?? '', /DNS:podometer-injector\.podometer\.svc,/);
});

test('of replicas that begin at once one makes the authority, and all of them use it', async (t) => {
  const server = await prepared(t);
  const replicas = [1, 2, 3, 4].map(() => run(t, server));
  await until(() => replicas.every(isReady));
  const roots = new Set(replicas.map(({ certificates }) => certificates.bundle));
  assert.deepEqual([...roots], [secretText(server, 'ca-bundle.crt')]);
  for (const { pairs } of replicas) assert.ok(leadsTo(pairs.at(-1)?.certificate ?? '', trusted(server)));
});

test('a caBundle that somebody took away is put back, and what else stands there stays', async (t) => {
  const server = await prepared(t);
  const one = run(t, server);
  await until(() => isReady(one));
  putConfiguration(server, Buffer.from('something else').toString('base64'));
  await until(() => trusted(server) === one.certificates.bundle);
  const found = server.store.get(CONFIGURATIONS, undefined, 'podometer') as V1MutatingWebhookConfiguration;
  assert.equal(found.webhooks?.[0]?.clientConfig.service?.path, '/mutate');
});

test('two years before its end the authority is followed by another one, with overlap', async (t) => {
  const server = await prepared(t);
  const one = run(t, server);
  await until(() => isReady(one));
  const old = one.certificates.bundle ?? '';
  const { endMs } = await one.certificates.ensure('team');
  one.leap(8.5 * YEAR_MS);
  await until(() => one.certificates.bundle !== old);
  await until(() => trusted(server) === one.certificates.bundle);
  assert.ok(one.certificates.bundle?.endsWith(old));
  await until(() => one.pairs.length > 1);
  const leaf = one.pairs.at(-1)?.certificate ?? '';
  assert.ok(leadsTo(leaf, old), 'an agent of the old days accepts it');
  assert.ok((await one.certificates.ensure('team')).endMs > endMs);
  assert.ok(leadsTo(secretText(server, 'tls.crt', 'team', 'podometer-aggregator-tls'), old));
});

test('an aggregator’s certificate is made once, and again when it is due or wrong', async (t) => {
  const server = await prepared(t);
  const one = run(t, server);
  await until(() => isReady(one));
  const certificate = () => secretText(server, 'tls.crt', 'team', 'podometer-aggregator-tls');
  const first = await one.certificates.ensure('team');
  const made = certificate();
  assert.match(new X509Certificate(made).subjectAltName ?? '', /DNS:podometer-aggregator\.team\.svc,/);
  assert.deepEqual(await one.certificates.ensure('team'), first);
  assert.equal(certificate(), made);
  server.store.put(SECRETS, {
    metadata: { namespace: 'team', name: 'podometer-aggregator-tls' },
    data: { 'tls.crt': 'bm90aGluZw==' },
  } as never);
  await one.certificates.ensure('team');
  assert.notEqual(certificate(), made);
  one.leap(61 * 86_400_000);
  assert.ok((await one.certificates.ensure('team')).endMs > first.endMs);
});

test('what is no authority is named and never written over', async (t) => {
  const root = await makeRoot(Date.now());
  const leaf = await issue({ ...root, bundle: '', chain: '' }, ['a'], Date.now());
  const cases: [Record<string, string>, RegExp][] = [
    [{ 'tls.crt': 'nonsense', 'tls.key': root.key }, /Secret podometer-ca holds no key pair/],
    [{ 'tls.crt': root.certificate }, /Secret podometer-ca has no tls\.key/],
    [{ 'tls.crt': root.certificate, 'tls.key': leaf.key }, /tls\.key is not the key of tls\.crt/],
    [{ 'tls.crt': leaf.certificate, 'tls.key': leaf.key }, /it is no authority/],
  ];
  for (const [texts, message] of cases) {
    const server = await prepared(t);
    putSecret(server, texts);
    const one = run(t, server);
    await until(() => message.test(one.certificates.missing().join()));
    assert.equal(secretText(server, 'tls.crt'), texts['tls.crt']);
  }
});

test('a Secret or a configuration that is missing is waited for, and named', async (t) => {
  const server = await startApiServer(t);
  const one = run(t, server);
  await until(() => /there is no Secret podometer-ca in podometer/.test(one.certificates.missing().join()));
  putSecret(server);
  await until(() => /no MutatingWebhookConfiguration podometer/.test(one.certificates.missing().join()));
  putConfiguration(server);
  await until(() => isReady(one));
});

test('a given authority is used and its caBundle left to whoever gave it', async (t) => {
  const server = await startApiServer(t);
  const root = await makeRoot(Date.now());
  putSecret(server, { 'tls.crt': root.certificate, 'tls.key': root.key });
  putConfiguration(server);
  const one = run(t, server, 'given');
  await until(() =>
    /caBundle of podometer does not hold our authority/.test(one.certificates.missing().join()),
  );
  assert.equal(trusted(server), '');
  putConfiguration(server, Buffer.from(root.certificate).toString('base64'));
  await until(() => isReady(one));
  assert.equal(one.certificates.bundle, root.certificate);
});

test('while the API server is away, what was in order stays so', async (t) => {
  const server = await prepared(t);
  const one = run(t, server);
  await until(() => isReady(one));
  server.faults.add({ match: /./, isCut: true });
  const seen = server.requests.length;
  await until(() => server.requests.length > seen + 5);
  assert.ok(isReady(one));
  assert.ok(one.said.some((line) => line.startsWith('the certificates cannot be looked at')));
});
