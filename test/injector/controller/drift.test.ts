/** What is changed of an aggregator by others, and what is not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AGGREGATOR_NAME, INJECTED_ANNOTATION } from '../../../protocol/names.ts';
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
  settled,
  statusOf,
  writes,
} from './controlling.ts';

const STATEFUL_SETS = 'apps/v1 statefulsets';
const CLAIMS = 'v1 persistentvolumeclaims';

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
