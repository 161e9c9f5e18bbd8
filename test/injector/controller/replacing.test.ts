/** The pod of an aggregator that is replaced, by the controllers of a cluster. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import { AGGREGATOR_NAME, AGGREGATOR_POD } from '../../../protocol/names.ts';
import { type ApiServer, startApiServer } from '../../api-server/api-server.ts';
import { runStatefulSets } from '../../api-server/stateful-sets.ts';
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
const imageOf = (pod: V1Pod | undefined) => pod?.spec?.containers[0]?.image;

function podOf(server: ApiServer): V1Pod | undefined {
  return server.store.get('v1 pods', 'team', AGGREGATOR_POD) as V1Pod | undefined;
}

/** An aggregator of which only those with the image `podometer:sound` start. */
async function broken(t: Parameters<typeof startApiServer>[0]): Promise<ApiServer> {
  const server = await startApiServer(t);
  runStatefulSets(server.store, (pod) => imageOf(pod) === 'podometer:sound');
  putNamespace(server, 'team');
  putPod(server, 'team', 'app');
  return server;
}

test('an aggregator that never became ready is mended by an upgrade', async (t) => {
  const server = await broken(t);
  const end = control(t, server, { settings: { image: 'podometer:broken' } });
  await until(() => imageOf(podOf(server)) === 'podometer:broken' && statusOf(server, 'team') !== undefined);
  assert.equal(conditions(server, 'team')[0]?.startsWith('AggregatorReady=False'), true);
  await end();
  control(t, server, { settings: { image: 'podometer:sound' } });
  await until(() => conditions(server, 'team')[0] === 'AggregatorReady=True Ready');
  assert.equal(imageOf(podOf(server)), 'podometer:sound');
});

test('on a lost node nothing takes the place of the pod until it is removed, and then its claim is there', async (t) => {
  const server = await broken(t);
  putDefaultClass(server);
  control(t, server, { settings: { image: 'podometer:sound' } });
  await until(() => conditions(server, 'team')[0] === 'AggregatorReady=True Ready');
  const lost = podOf(server);
  const claim = server.store.get('v1 persistentvolumeclaims', 'team', AGGREGATOR_NAME);
  const unreachable = lost?.spec?.tolerations?.find(({ key }) => key === 'node.kubernetes.io/unreachable');
  assert.equal(unreachable?.tolerationSeconds, 60);
  // As the node's controllers do: the pod counts as not ready, and is told to end a minute later.
  const deletionTimestamp = new Date(Date.now() - 120_000).toISOString();
  const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] };
  server.store.put('v1 pods', {
    ...lost,
    metadata: { ...lost?.metadata, deletionTimestamp },
    status,
  } as never);
  setStatus(server, STATEFUL_SETS, 'team', { readyReplicas: 0 });
  await until(() => conditions(server, 'team')[0] === 'AggregatorReady=False NodeLost');
  assert.equal(podOf(server)?.metadata?.uid, lost?.metadata?.uid);
  server.store.remove('v1 pods', 'team', AGGREGATOR_POD);
  await until(() => conditions(server, 'team')[0] === 'AggregatorReady=True Ready');
  assert.notEqual(podOf(server)?.metadata?.uid, lost?.metadata?.uid);
  const { volumes } = podOf(server)?.spec ?? {};
  const names = volumes?.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
  assert.deepEqual(names, [claim?.metadata.name]);
  const now = server.store.get('v1 persistentvolumeclaims', 'team', AGGREGATOR_NAME);
  assert.equal(now?.metadata.uid, claim?.metadata.uid);
});

test('what cannot be changed of a StatefulSet that is there stays, and all else of it follows', async (t) => {
  const server = await broken(t);
  const set = () => server.store.get(STATEFUL_SETS, 'team', AGGREGATOR_NAME) as V1StatefulSet | undefined;
  const end = control(t, server, { settings: { image: 'podometer:sound' } });
  await until(() => set() !== undefined);
  await end();
  assert.equal(set()?.spec?.podManagementPolicy, 'Parallel');
  server.store.put(STATEFUL_SETS, {
    ...set(),
    spec: { ...set()?.spec, podManagementPolicy: 'OrderedReady' },
  } as never);
  const said: string[] = [];
  const settings = { image: 'podometer:next' };
  control(t, server, { settings, resyncMs: 50, log: (message) => said.push(message) });
  await until(() => imageOf({ spec: set()?.spec?.template.spec } as V1Pod) === 'podometer:next');
  assert.equal(set()?.spec?.podManagementPolicy, 'OrderedReady');
  assert.deepEqual(
    said.filter((line) => line.includes('not as it should be')),
    [],
  );
});
