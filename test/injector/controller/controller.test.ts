import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INJECTED_ANNOTATION } from '../../../protocol/names.ts';
import { startApiServer } from '../../api-server/api-server.ts';
import { until } from '../cluster/viewing.ts';
import {
  aggregator,
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
  const good = ['AggregatorReady=True Ready', 'StorageReady=True Bound'];
  await until(() => good.every((one) => conditions(server, 'team').includes(one)));
  const map = server.store.get('v1 configmaps', 'team', 'podometer-status') as {
    data?: Record<string, string>;
  };
  assert.equal(map.data?.['ca.crt'], 'whom to trust');
});
