import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ApiServer, startApiServer } from '../../api-server/api-server.ts';
import type { GivenObject } from '../../api-server/object-store.ts';
import { podometer } from '../podometer.ts';
import { scratchFolder } from '../sample-history.ts';

const ours = (component: string) => ({
  'app.kubernetes.io/name': 'podometer',
  'app.kubernetes.io/component': component,
  'app.kubernetes.io/version': '0.1.0',
});

function put(api: ApiServer, resource: string, object: object): void {
  api.store.put(resource, object as GivenObject);
}

const condition = (type: string, status = 'True', reason = 'Fine', message = 'All is well.') => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: '2026-03-01T10:00:00.000Z',
});

function putStatus(api: ApiServer, namespace: string, conditions: object[]): void {
  const status = { version: '0.1.0', observedAt: '2026-03-01T10:00:00.000Z', conditions };
  put(api, 'v1 configmaps', {
    metadata: { name: 'podometer-status', namespace },
    data: { status: JSON.stringify(status) },
  });
}

function putPod(api: ApiServer, namespace: string, name: string, change: object = {}): void {
  const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
  put(api, 'v1 pods', {
    status,
    ...change,
    metadata: { name, namespace, ...(change as GivenObject).metadata },
  });
}

const labelled = (isInjected: boolean) => ({
  metadata: {
    labels: { 'podometer.dev/profile': 'true' },
    ...(isInjected && { annotations: { 'podometer.dev/injected': '0.1.0' } }),
  },
});

/** A cluster in which all is well, with one namespace. */
async function cluster(t: TestContext) {
  const api = await startApiServer(t);
  for (const resource of [
    'v1 configmaps',
    'apps/v1 deployments',
    'admissionregistration.k8s.io/v1 mutatingwebhookconfigurations',
  ]) {
    api.store.define(resource);
  }
  put(api, 'v1 namespaces', { metadata: { name: 'team' } });
  put(api, 'apps/v1 deployments', {
    metadata: { name: 'podometer-injector', namespace: 'podometer', labels: ours('injector') },
    status: { replicas: 2, readyReplicas: 2 },
  });
  putWebhook(api, 'Y2E=');
  putStatus(api, 'team', [
    condition('AggregatorReady'),
    condition('StorageReady'),
    condition('CertificateValid'),
    condition('PodsInjected'),
  ]);
  putPod(api, 'team', 'podometer-aggregator-0');
  for (const name of ['a', 'b']) putPod(api, 'team', name, labelled(true));
  const file = join(scratchFolder(t), 'config');
  const server = { server: api.url, 'insecure-skip-tls-verify': true };
  writeFileSync(
    file,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: server }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  const status = (...argv: string[]) =>
    podometer(['status', ...argv], { env: { KUBECONFIG: file }, columns: 200 });
  return { api, status };
}

function putWebhook(api: ApiServer, caBundle: string | undefined): void {
  put(api, 'admissionregistration.k8s.io/v1 mutatingwebhookconfigurations', {
    metadata: { name: 'podometer', labels: ours('injector') },
    webhooks: [{ name: 'pods.podometer.dev', clientConfig: { caBundle } }],
  });
}

test('where all is well, every namespace is a line, and the exit code is 0', async (t) => {
  const { status } = await cluster(t);
  assert.deepEqual(await status(), {
    code: 0,
    stdout: [
      'version   0.1.0',
      'injector  ready: 2 of 2 ready in namespace podometer',
      'webhook   ready: labelled pods are shown to the injector',
      '',
      'NAMESPACE  AGGREGATOR  STORAGE  CERTIFICATE  PODS INJECTED',
      'team       ready       ready    valid        2 of 2',
      '',
    ].join('\n'),
    stderr: '',
  });
});

test('each thing that fails is a sentence, with the reason that its pod or the controller tells', async (t) => {
  const { api, status } = await cluster(t);
  putWebhook(api, undefined);
  putStatus(api, 'team', [
    condition('AggregatorReady', 'False', 'PodNotReady', 'The pod is not ready.'),
    condition(
      'StorageReady',
      'False',
      'NoStorageClass',
      'History lies in an emptyDir and goes with its pod.',
    ),
    condition('CertificateValid', 'Unknown', 'NotYetSeen', 'The Secret was not seen yet.'),
  ]);
  const waiting = { reason: 'ImagePullBackOff', message: 'not found' };
  putPod(api, 'team', 'podometer-aggregator-0', { status: { containerStatuses: [{ state: { waiting } }] } });
  putPod(api, 'team', 'c', labelled(false));
  const { code, stdout } = await status();
  assert.equal(code, 1);
  assert.match(stdout, /^team +failing +NoStorageClass +NotYetSeen +2 of 3$/m);
  assert.deepEqual(stdout.trimEnd().split('\n').slice(-3), [
    'The webhook is not ready: its caBundle is empty, so the API server does not trust the injector.',
    'Namespace team: the aggregator is not ready: ImagePullBackOff: not found.',
    'Namespace team: StorageReady is False (NoStorageClass): History lies in an emptyDir and goes with its pod.',
  ]);
  const json = JSON.parse((await status('--json')).stdout);
  assert.equal(json.failures.length, 3);
  assert.equal(json.namespaces[0].conditions[1].reason, 'NoStorageClass');
});

test('a cluster without podometer says so', async (t) => {
  const { api, status } = await cluster(t);
  api.store.remove('apps/v1 deployments', 'podometer', 'podometer-injector');
  api.store.remove('admissionregistration.k8s.io/v1 mutatingwebhookconfigurations', undefined, 'podometer');
  api.store.remove('v1 configmaps', 'team', 'podometer-status');
  const { code, stdout } = await status();
  assert.equal(code, 1);
  assert.match(stdout, /^injector +missing: no namespace has its Deployment; helm install makes it$/m);
  assert.match(stdout, /No namespace has an aggregator/);
});

test('labelled pods in a namespace that has no aggregator are told, and a namespace that is not there', async (t) => {
  const { api, status } = await cluster(t);
  put(api, 'v1 namespaces', { metadata: { name: 'web' } });
  assert.equal((await status('-n', 'web')).code, 0);
  putPod(api, 'web', 'a', labelled(false));
  const { code, stdout } = await status('-n', 'web');
  assert.equal(code, 1);
  assert.match(stdout, /^Namespace web: a pod is labelled, and there is no aggregator\.$/m);
  assert.match((await status('-n', 'wbe')).stderr, /no namespace "wbe" \[PODO_NAMESPACE_NOT_FOUND\]/);
});

test('what may not be looked at is unknown, and fails nothing', async (t) => {
  const { api, status } = await cluster(t);
  api.faults.add({ match: /deployments|mutatingwebhook|\/v1\/configmaps/, status: 403 });
  const { code, stdout } = await status('-n', 'team');
  assert.equal(code, 0);
  assert.match(stdout, /^injector +unknown: it may not be read with your role$/m);
  const all = await status();
  assert.equal(all.code, 2);
  assert.match(all.stderr, /may not list the ConfigMaps of all namespaces.*\n.*status -n NAMESPACE/);
});

test('a status that this podometer cannot read is told, and fails', async (t) => {
  const { api, status } = await cluster(t);
  for (const data of [{ status: '{' }, { status: '{"version":2}' }, {}]) {
    put(api, 'v1 configmaps', { metadata: { name: 'podometer-status', namespace: 'team' }, data });
    const { code, stdout } = await status('-n', 'team');
    assert.equal(code, 1);
    assert.match(stdout, /^Namespace team: StatusReadable is False \(UnknownForm\)/m);
  }
});
