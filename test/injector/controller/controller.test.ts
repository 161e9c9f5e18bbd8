import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1StatefulSet } from '@kubernetes/client-node';
import { AGGREGATOR_NAME, INJECTED_ANNOTATION } from '../../../protocol/names.ts';
import { type ApiServer, startApiServer } from '../../api-server/api-server.ts';
import { until } from '../cluster/viewing.ts';
import {
  conditions,
  control,
  putDefaultClass,
  putNamespace,
  putPod,
  setStatus,
  statusOf,
} from './controlling.ts';

const STATEFUL_SETS = 'apps/v1 statefulsets';
const CLAIMS = 'v1 persistentvolumeclaims';

function aggregator(server: ApiServer, namespace: string): V1StatefulSet | undefined {
  return server.store.get(STATEFUL_SETS, namespace, AGGREGATOR_NAME) as V1StatefulSet | undefined;
}

/** Until nobody has asked for anything for a while but what is followed. */
async function settled(server: ApiServer): Promise<void> {
  for (let seen = -1; seen < writes(server).length; ) {
    seen = writes(server).length;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

function writes(server: ApiServer): string[] {
  return server.requests.filter((line) => !line.startsWith('GET'));
}

test('a namespace with a labelled pod gets an aggregator, and no other does', async (t) => {
  const server = await startApiServer(t);
  putDefaultClass(server);
  for (const name of ['team', 'quiet', 'left-out', 'podometer', 'kube-system']) putNamespace(server, name);
  for (const name of ['team', 'left-out', 'podometer', 'kube-system']) putPod(server, name, 'app');
  control(t, server);
  await until(() => statusOf(server, 'team') !== undefined);
  const made = server.store.resources
    .flatMap((resource) => server.store.list(resource).map(({ metadata }) => [resource, metadata] as const))
    .filter(([, metadata]) => metadata.labels?.['app.kubernetes.io/managed-by'] === 'podometer')
    .map(([resource, { namespace = '', name }]) => `${resource} ${namespace}/${name}`);
  assert.deepEqual(made.sort(), [
    'apps/v1 statefulsets team/podometer-aggregator',
    'networking.k8s.io/v1 networkpolicies team/podometer-aggregator',
    'policy/v1 poddisruptionbudgets team/podometer-aggregator',
    'rbac.authorization.k8s.io/v1 clusterrolebindings /podometer-aggregator-team',
    'rbac.authorization.k8s.io/v1 rolebindings team/podometer-aggregator',
    'rbac.authorization.k8s.io/v1 roles team/podometer-aggregator',
    'v1 configmaps team/podometer-status',
    'v1 persistentvolumeclaims team/podometer-aggregator',
    'v1 serviceaccounts team/podometer-aggregator',
    'v1 services team/podometer-aggregator',
  ]);
});

test('a labelled pod and a MetricSet that come later are seen', async (t) => {
  const server = await startApiServer(t);
  putDefaultClass(server);
  server.store.define('podometer.dev/v1alpha1 metricsets');
  for (const name of ['team', 'other']) putNamespace(server, name);
  control(t, server);
  putPod(server, 'team', 'app');
  await until(() => aggregator(server, 'team') !== undefined);
  server.store.put('podometer.dev/v1alpha1 metricsets', { metadata: { namespace: 'other', name: 'disk' } });
  await until(() => aggregator(server, 'other') !== undefined);
});

test('where namespaces have to be enabled, the label on the pod is not enough', async (t) => {
  const server = await startApiServer(t);
  putNamespace(server, 'team');
  putNamespace(server, 'chosen', { labels: { 'podometer.dev/enabled': 'true' } });
  for (const name of ['team', 'chosen']) putPod(server, name, 'app');
  control(t, server, { namespaceSelector: 'enabled' });
  await until(() => statusOf(server, 'chosen') !== undefined);
  assert.equal(aggregator(server, 'team'), undefined);
});

test('a namespace that is enabled has its aggregator before its first pod', async (t) => {
  const server = await startApiServer(t);
  for (const name of ['team', 'left-out']) {
    putNamespace(server, name, { labels: { 'podometer.dev/enabled': 'true' } });
  }
  putNamespace(server, 'quiet', { labels: { 'podometer.dev/enabled': 'false' } });
  control(t, server);
  await until(() => aggregator(server, 'team') !== undefined);
  for (const name of ['quiet', 'left-out']) assert.equal(aggregator(server, name), undefined);
});

test('an aggregator stays when the last labelled pod is gone', async (t) => {
  const server = await startApiServer(t);
  putNamespace(server, 'team');
  putPod(server, 'team', 'app');
  control(t, server, { resyncMs: 50 });
  await until(() => statusOf(server, 'team') !== undefined);
  server.store.remove('v1 pods', 'team', 'app');
  await until(() => statusOf(server, 'team')?.conditions.at(-1)?.status === 'True');
  assert.ok(aggregator(server, 'team'));
});

test('only what belongs to no namespace has an owner: its namespace', async (t) => {
  const server = await startApiServer(t);
  const { metadata } = putNamespace(server, 'team');
  putPod(server, 'team', 'app');
  control(t, server);
  await until(() => statusOf(server, 'team') !== undefined);
  const owned = server.store.resources
    .flatMap((resource) => server.store.list(resource))
    .filter((object) => object.metadata.ownerReferences !== undefined);
  assert.deepEqual(
    owned.map(({ metadata: own }) => [own.name, own.ownerReferences?.[0]?.uid]),
    [['podometer-aggregator-team', metadata.uid]],
  );
});

test('without a StorageClass the history is kept in an emptyDir, and that is said loudly', async (t) => {
  const server = await startApiServer(t);
  putNamespace(server, 'team');
  putPod(server, 'team', 'app');
  control(t, server, { resyncMs: 50 });
  await until(() => statusOf(server, 'team') !== undefined);
  assert.ok(conditions(server, 'team').includes('StorageReady=False NoStorageClass'));
  assert.equal(server.store.list(CLAIMS).length, 0);
  const events = () => server.store.list('v1 events', 'team') as unknown as { reason: string }[];
  await until(() => events().length === 2);
  assert.deepEqual(
    events()
      .map(({ reason }) => reason)
      .sort(),
    ['NoStorageClass', 'PodometerSlippedThrough'],
  );
  putDefaultClass(server);
  await until(() => statusOf(server, 'team')?.conditions[1]?.message.includes('since before') === true);
  assert.equal(server.store.list(CLAIMS).length, 0);
  assert.equal(events().length, 2);
});

for (const [resource, name] of [
  ['v1 services', AGGREGATOR_NAME],
  ['v1 serviceaccounts', AGGREGATOR_NAME],
  [CLAIMS, AGGREGATOR_NAME],
  ['v1 secrets', `${AGGREGATOR_NAME}-forward`],
  ['networking.k8s.io/v1 networkpolicies', AGGREGATOR_NAME],
  ['policy/v1 poddisruptionbudgets', AGGREGATOR_NAME],
  ['rbac.authorization.k8s.io/v1 roles', AGGREGATOR_NAME],
  ['rbac.authorization.k8s.io/v1 rolebindings', AGGREGATOR_NAME],
] as const) {
  test(`a deleted object of ${resource} is made again at once`, async (t) => {
    const server = await startApiServer(t);
    putDefaultClass(server);
    putNamespace(server, 'team');
    putPod(server, 'team', 'app', { [INJECTED_ANNOTATION]: '0.0.0' });
    control(t, server, { settings: { forwardAuthorization: 'Bearer x' } });
    await until(() => statusOf(server, 'team') !== undefined);
    setStatus(server, STATEFUL_SETS, 'team', { readyReplicas: 1 });
    await until(() => conditions(server, 'team')[0] === 'AggregatorReady=True Ready');
    const made = server.store.get(resource, 'team', name)?.metadata.uid;
    await settled(server);
    server.store.remove(resource, 'team', name);
    await until(() => server.store.get(resource, 'team', name) !== undefined);
    assert.notEqual(server.store.get(resource, 'team', name)?.metadata.uid, made);
  });
}

test('what somebody changed or deleted is put right, and values of an upgrade arrive', async (t) => {
  const server = await startApiServer(t);
  putNamespace(server, 'team');
  putPod(server, 'team', 'app');
  const end = control(t, server, { resyncMs: 100 });
  await until(() => statusOf(server, 'team') !== undefined);
  const made = aggregator(server, 'team');
  server.store.put(STATEFUL_SETS, { ...made, spec: { ...made?.spec, replicas: 0 } } as never);
  await until(() => aggregator(server, 'team')?.spec?.replicas === 1);
  server.store.remove('v1 services', 'team', AGGREGATOR_NAME);
  await until(() => server.store.get('v1 services', 'team', AGGREGATOR_NAME) !== undefined);
  await end();
  control(t, server, { settings: { image: 'podometer:next' } });
  const image = () => aggregator(server, 'team')?.spec?.template.spec?.containers[0]?.image;
  await until(() => image() === 'podometer:next');
});

test('where nothing differs nothing is changed, so that no aggregator is made anew', async (t) => {
  const server = await startApiServer(t);
  putDefaultClass(server);
  putNamespace(server, 'team');
  putPod(server, 'team', 'app', { [INJECTED_ANNOTATION]: '0.0.0' });
  const end = control(t, server, { resyncMs: 50 });
  await until(() => statusOf(server, 'team') !== undefined);
  await until(() => writes(server).length > 30);
  await end();
  const version = server.store.version;
  const seen = writes(server).length;
  control(t, server, { resyncMs: 50 });
  await until(() => writes(server).length > seen + 30);
  assert.equal(server.store.version, version);
});

test('conditions tell what is ready, and change when it does', async (t) => {
  const server = await startApiServer(t);
  putDefaultClass(server);
  putNamespace(server, 'team');
  putPod(server, 'team', 'app', { [INJECTED_ANNOTATION]: '0.0.0' });
  const certificates = {
    ensure: async () => ({ endMs: Date.UTC(2030, 0, 2), authorities: 'whom to trust' }),
  };
  control(t, server, { certificates, resyncMs: 50 });
  await until(() => statusOf(server, 'team') !== undefined);
  assert.deepEqual(conditions(server, 'team'), [
    'AggregatorReady=False NotReady',
    'StorageReady=False ClaimNotBound',
    'CertificateValid=True Issued',
    'PodsInjected=True AllInjected',
  ]);
  setStatus(server, STATEFUL_SETS, 'team', { readyReplicas: 1 });
  setStatus(server, CLAIMS, 'team', { phase: 'Bound' });
  await until(() => conditions(server, 'team')[1] === 'StorageReady=True Bound');
  assert.equal(conditions(server, 'team')[0], 'AggregatorReady=True Ready');
  const map = server.store.get('v1 configmaps', 'team', 'podometer-status') as {
    data?: Record<string, string>;
  };
  assert.equal(map.data?.['ca.crt'], 'whom to trust');
});

test('one namespace in trouble holds up no other, and is tried again', async (t) => {
  const server = await startApiServer(t);
  for (const name of ['bad', 'team']) putNamespace(server, name);
  for (const name of ['bad', 'team']) putPod(server, name, 'app');
  const said: string[] = [];
  server.faults.add({ match: /PATCH .*\/namespaces\/bad\/services/, times: 3, status: 429 });
  server.faults.add({ match: /PATCH .*\/namespaces\/bad\/statefulsets/, times: 2, isCut: true });
  control(t, server, { log: (message) => said.push(message) });
  await until(() => statusOf(server, 'team') !== undefined);
  await until(() => server.store.get('v1 services', 'bad', AGGREGATOR_NAME) !== undefined);
  await until(() => aggregator(server, 'bad') !== undefined);
  assert.ok(said.some((line) => line.startsWith('the aggregator of bad is not as it should be')));
  assert.ok(!said.some((line) => line.includes('aggregator of team')));
});

test('an API server that was away for a while is followed again', async (t) => {
  const server = await startApiServer(t);
  putNamespace(server, 'team');
  control(t, server);
  await until(() => server.requests.some((line) => line.includes('storageclasses')));
  server.faults.add({ match: /./, isCut: true });
  server.cutConnections();
  putPod(server, 'team', 'app');
  await new Promise((resolve) => setTimeout(resolve, 200));
  server.faults.clear();
  await until(() => aggregator(server, 'team') !== undefined);
});
