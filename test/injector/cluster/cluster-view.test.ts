import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApiServer } from '../../api-server/api-server.ts';
import { ownedBy, until, view, viewSynced } from './viewing.ts';

const METRIC_SETS = 'podometer.dev/v1alpha1 metricsets';

const small = {
  metadata: { name: 'small', namespace: 'team-a' },
  spec: { limits: [{ type: 'Container', default: { cpu: '1' }, min: { cpu: '100m' } }] },
};

test('the facts are those of the namespace, whether they were listed or came later', async (t) => {
  const server = await startApiServer(t);
  server.store.put('v1 namespaces', { metadata: { name: 'team-a', labels: { tier: 'gold' } } });
  server.store.put('v1 limitranges', small);
  server.store.put('v1 resourcequotas', {
    metadata: { name: 'q', namespace: 'team-a' },
    ...{ spec: { hard: { pods: '3' } } },
  });
  server.store.put('v1 resourcequotas', { metadata: { name: 'q', namespace: 'team-b' } });
  const { facts } = await viewSynced(t, server);
  const listed = await facts();
  assert.equal(listed?.serverMinor, 36);
  assert.deepEqual(listed.namespace.labels, { tier: 'gold' });
  assert.deepEqual(
    listed.namespace.quotas.map(({ spec }) => spec?.hard),
    [{ pods: '3' }],
  );
  server.store.put('v1 limitranges', { ...small, metadata: { name: 'later', namespace: 'team-a' } });
  server.store.put('v1 namespaces', { metadata: { name: 'team-a', labels: { tier: 'iron' } } });
  await until(async () => (await facts())?.namespace.limitRanges.length === 2);
  await until(async () => (await facts())?.namespace.labels.tier === 'iron');
  for (const { limits } of (await facts())?.namespace.limitRanges ?? []) {
    const [limit] = limits;
    assert.deepEqual([limit?._default, limit?.min], [{ cpu: '1' }, { cpu: '100m' }]);
  }
  server.store.remove('v1 limitranges', 'team-a', 'small');
  await until(async () => (await facts())?.namespace.limitRanges.length === 1);
});

test('nothing is known until everything was read once', async (t) => {
  const server = await startApiServer(t);
  server.store.put('v1 namespaces', { metadata: { name: 'team-a' } });
  server.faults.add({ match: /limitranges/, status: 500 });
  server.faults.add({ match: /version/, status: 500, times: 1 });
  const { view: cluster, facts, logged } = view(t, server);
  await until(() => cluster.missing().length === 2);
  assert.deepEqual(cluster.missing(), [
    "the API server's version: not read yet",
    'limitranges: not read yet',
  ]);
  assert.equal(await facts(), undefined);
  assert.match(logged[0] ?? '', /^\/api\/v1\/limitranges cannot be followed: HTTP-Code: 500$/);
  server.faults.clear();
  await until(() => cluster.missing().length === 0);
  assert.notEqual(await facts(), undefined);
});

test('MetricSets come oldest first, and their definition may be missing until later', async (t) => {
  const server = await startApiServer(t);
  server.store.put('v1 namespaces', { metadata: { name: 'team-a' } });
  const { facts } = await viewSynced(t, server);
  assert.deepEqual((await facts())?.metricSets, []);
  const second = await startApiServer(t);
  second.store.put('v1 namespaces', { metadata: { name: 'team-a' } });
  for (const [name, day, metrics] of [
    ['young', 2, [{ name: 'performance', without: ['pss'] }, { name: 'storage' }]],
    ['old', 1, ['performance']],
  ] as const) {
    second.store.put(METRIC_SETS, {
      metadata: { name, namespace: 'team-a', creationTimestamp: new Date(Date.UTC(2026, 0, day)) },
      ...{ spec: { selector: { matchLabels: { app: 'x' } }, metrics, interval: '5s' } },
    });
  }
  const sets = (await (await viewSynced(t, second)).facts())?.metricSets ?? [];
  assert.deepEqual(
    sets.map(({ name, selector, metrics, interval, problems }) => [
      name,
      selector,
      metrics,
      interval,
      problems,
    ]),
    [
      ['old', undefined, undefined, undefined, ['spec.metrics[0] must be object']],
      ['young', { matchLabels: { app: 'x' } }, 'performance:pss=off,storage', '5s', []],
    ],
  );
});

test('a namespace that the watch has not told of yet is read, and one that is not there is unknown', async (t) => {
  const server = await startApiServer(t);
  const { facts } = await viewSynced(t, server);
  server.faults.add({ match: /watch=true/, status: 500 });
  server.cutConnections();
  server.store.put('v1 namespaces', { metadata: { name: 'team-new', labels: { a: 'b' } } });
  assert.deepEqual((await facts({ namespace: 'team-new' }))?.namespace.labels, { a: 'b' });
  assert.equal(await facts({ namespace: 'nowhere' }), undefined);
});

test('an unlabelled pod costs the API server no request', async (t) => {
  const server = await startApiServer(t);
  server.store.put('v1 namespaces', { metadata: { name: 'team-a' } });
  const { facts } = await viewSynced(t, server);
  const pod = ownedBy('ReplicaSet', 'web-1', 'u1');
  assert.deepEqual((await facts({ pod: { metadata: { ...pod.metadata, labels: {} } } }))?.owners, []);
  assert.ok(!server.requests.some((line) => line.includes('replicasets')));
});
