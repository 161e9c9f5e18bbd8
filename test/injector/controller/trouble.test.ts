/** What is told of an aggregator that does not become ready. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { V1PodStatus, V1StatefulSet } from '@kubernetes/client-node';
import { AGGREGATOR_NAME, AGGREGATOR_POD } from '../../../protocol/names.ts';
import { type ApiServer, startApiServer } from '../../api-server/api-server.ts';
import { until } from '../cluster/viewing.ts';
import { control, putNamespace, putPod, statusOf } from './controlling.ts';

const WAITING = 'The aggregator does not answer yet; agents keep what they measure in their spools.';

async function controlled(t: TestContext): Promise<ApiServer> {
  const server = await startApiServer(t);
  putNamespace(server, 'team');
  putPod(server, 'team', 'app');
  control(t, server);
  await until(() => readiness(server) !== undefined);
  return server;
}

function readiness(server: ApiServer) {
  return statusOf(server, 'team')?.conditions.find(({ type }) => type === 'AggregatorReady');
}

async function told(server: ApiServer, reason: string): Promise<string | undefined> {
  await until(() => readiness(server)?.reason === reason);
  const { status, message } = readiness(server) ?? {};
  assert.equal(status, 'False');
  return message;
}

function putAggregatorPod(server: ApiServer, status: V1PodStatus, more: object = {}): void {
  server.store.put('v1 pods', {
    metadata: { namespace: 'team', name: AGGREGATOR_POD, ...more },
    ...{ spec: { nodeName: 'node-7', containers: [] }, status },
  });
}

test('a pod that the API server does not let in is told with its words', async (t) => {
  const server = await controlled(t);
  assert.deepEqual([readiness(server)?.reason, readiness(server)?.message], ['NotReady', WAITING]);
  const event = (name: string, lastTimestamp: string, why: string, kind = 'StatefulSet') =>
    server.store.put('v1 events', {
      metadata: { namespace: 'team', name },
      ...{
        involvedObject: { kind, name: AGGREGATOR_NAME },
        type: 'Warning',
        reason: 'FailedCreate',
        message: `create Pod ${AGGREGATOR_POD} in StatefulSet ${AGGREGATOR_NAME} failed error: ${why}`,
        lastTimestamp,
      },
    });
  event('b', '2026-01-01T00:00:02Z', 'pods "podometer-aggregator-0" is forbidden: exceeded quota: small');
  event('a', '2026-01-01T00:00:01Z', 'older');
  event('c', '2026-01-01T00:00:03Z', 'of another', 'Deployment');
  assert.equal(
    await told(server, 'PodRefused'),
    `${WAITING} Why: pods "podometer-aggregator-0" is forbidden: exceeded quota: small`,
  );
});

test('a pod that finds no node, has no image, or ends again and again is told as its status tells it', async (t) => {
  const server = await controlled(t);
  const container = { name: 'aggregator', image: '', imageID: '', ready: false, restartCount: 3 };
  putAggregatorPod(server, {
    phase: 'Pending',
    conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }],
  });
  assert.equal(await told(server, 'Unschedulable'), `${WAITING} Why: 0/3 nodes`);
  putAggregatorPod(server, {
    containerStatuses: [
      { ...container, state: { waiting: { reason: 'ErrImagePull', message: 'no such image' } } },
    ],
  });
  assert.equal(await told(server, 'ImagePullBackOff'), `${WAITING} Why: no such image`);
  const terminated = { exitCode: 2, reason: 'Error', message: 'starting\nPODOMETER_KEEP_RUNS is "x"\n' };
  putAggregatorPod(server, {
    containerStatuses: [
      {
        ...container,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting' } },
        lastState: { terminated },
      },
    ],
  });
  assert.equal(
    await told(server, 'CrashLoopBackOff'),
    `${WAITING} Why: it ended with exit code 2 (Error): PODOMETER_KEEP_RUNS is "x"`,
  );
});

test('a pod on a node that does not answer is told as such, once it should have ended', async (t) => {
  const server = await controlled(t);
  const since = (ms: number) => ({ deletionTimestamp: new Date(Date.now() - ms).toISOString() });
  putAggregatorPod(server, { phase: 'Running' }, since(1000));
  await until(() => readiness(server)?.message.includes('is being replaced') === true);
  putAggregatorPod(server, { phase: 'Running' }, since(120_000));
  assert.match((await told(server, 'NodeLost')) ?? '', /node node-7 does not say .*docs\/operations\.md/);
});

test('an aggregator has a CPU limit where a quota asks for one, and no LimitRange gives it one', async (t) => {
  const server = await controlled(t);
  const limit = () => {
    const set = server.store.get('apps/v1 statefulsets', 'team', AGGREGATOR_NAME) as V1StatefulSet;
    return set.spec?.template.spec?.containers[0]?.resources?.limits?.cpu;
  };
  assert.equal(limit(), undefined);
  const put = (resource: string, spec: object) =>
    server.store.put(resource, { metadata: { namespace: 'team', name: 'rule' }, ...{ spec } });
  put('v1 resourcequotas', { hard: { 'limits.memory': '1Gi' } });
  put('v1 resourcequotas', { hard: { 'limits.cpu': '4' } });
  await until(() => limit() === '1');
  put('v1 limitranges', { limits: [{ type: 'Container', default: { cpu: '500m' } }] });
  await until(() => limit() === undefined);
});
