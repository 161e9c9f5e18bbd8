import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { CoreV1Event, V1Pod } from '@kubernetes/client-node';
import { type ObjectEvent, ObjectEvents } from '../../../../injector/cluster/object-events.ts';
import { PodReconciler } from '../../../../injector/controller/pods/reconciler.ts';
import { systemClock } from '../../../../lib/clock.ts';
import { ApiAccess } from '../../../../lib/cluster/api-access.ts';
import { type ApiServer, startApiServer } from '../../../api-server/api-server.ts';
import { until, viewSynced } from '../../cluster/viewing.ts';
import { podWith, settings } from '../../inject/injection-case.ts';

interface Watched {
  readonly server: ApiServer;
  readonly counted: number[];
  reconcile(): ReturnType<PodReconciler['reconcile']>;
  /** Once so many were told. */
  events(count: number): Promise<CoreV1Event[]>;
}

async function watched(t: TestContext, pods: readonly V1Pod[]): Promise<Watched> {
  const server = await startApiServer(t);
  server.store.put('v1 namespaces', { metadata: { name: 'team-a' } });
  const metadata = { name: 'web-5c788ff7b4', namespace: 'team-a', uid: 'uid-of-set' };
  const ownerReferences = [
    { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'uid-of-web', controller: true },
  ];
  server.store.put('apps/v1 replicasets', { metadata: { ...metadata, ownerReferences } });
  const { view } = await viewSynced(t, server);
  const counted: number[] = [];
  const events = new ObjectEvents({
    cluster: server.configure(new ApiAccess(systemClock)),
    clock: systemClock,
    onOutcome: () => {},
    log: () => {},
  });
  const reconciler = new PodReconciler({
    clock: systemClock,
    settings,
    facts: view,
    pods: () => pods,
    tell: (event: ObjectEvent) => events.tell(event),
    onCounted: (_, slipped) => void counted.push(slipped),
  });
  const told = () => server.store.list('v1 events', 'team-a') as unknown as CoreV1Event[];
  return {
    server,
    counted,
    reconcile: () => reconciler.reconcile('team-a'),
    events: async (count) => {
      await until(() => told().length >= count);
      return told();
    },
  };
}

const owned = (name: string, pod: V1Pod = podWith()): V1Pod => ({
  ...pod,
  metadata: {
    ...pod.metadata,
    name,
    uid: `uid-of-${name}`,
    ownerReferences: [
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        name: 'web-5c788ff7b4',
        uid: 'uid-of-set',
        controller: true,
      },
    ],
  },
  status: { phase: 'Running', ...pod.status },
});

test('pods that slipped through are counted, and their owner is told once', async (t) => {
  const bare = { ...podWith(), metadata: { ...podWith().metadata, name: 'solver', uid: 'uid-of-solver' } };
  const { counted, reconcile, events } = await watched(t, [owned('web-1'), owned('web-2'), bare]);
  const condition = await reconcile();
  await reconcile();
  const told = await events(2);
  assert.deepEqual(
    told.map(({ involvedObject, reason }) => [involvedObject.kind, involvedObject.name, reason]).toSorted(),
    [
      ['Deployment', 'web', 'PodometerSlippedThrough'],
      ['Pod', 'solver', 'PodometerSlippedThrough'],
    ],
  );
  assert.deepEqual(counted, [3, 3]);
  assert.deepEqual(condition, {
    type: 'PodsInjected',
    status: 'False',
    reason: 'SlippedThrough',
    message: '3 labelled pods run without the agent: web-1, web-2, solver',
  });
});

test('a pod that has the agent, has ended, or would be left alone did not slip through', async (t) => {
  const { counted, reconcile, server } = await watched(t, [
    owned('has-it', podWith({}, { annotations: { 'podometer.dev/injected': '1.0.0' } })),
    owned('done', { ...podWith(), status: { phase: 'Succeeded' } }),
    owned('left-alone', podWith({ hostPID: true })),
  ]);
  const condition = await reconcile();
  assert.deepEqual([counted, condition?.status, condition?.reason], [[0], 'True', 'AllInjected']);
  assert.deepEqual(server.store.list('v1 events'), []);
});

test('a workload that may not bear the agent is told how to take it out', async (t) => {
  const terminated = { exitCode: 100, message: 'can only run as pid 1', reason: 'Error' };
  const status = {
    containerStatuses: [
      { name: 'app', image: '', imageID: '', ready: false, restartCount: 1, lastState: { terminated } },
    ],
  };
  const injected = podWith({}, { annotations: { 'podometer.dev/injected': '1.0.0' } });
  const { reconcile, events } = await watched(t, [
    owned('web-1', { ...injected, status }),
    owned('web-2', { ...injected, status }),
  ]);
  await reconcile();
  const [event, ...more] = await events(1);
  assert.deepEqual(
    [event?.involvedObject.kind, event?.reason, more],
    ['Deployment', 'PodometerMayBreak', []],
  );
  assert.match(event?.message ?? '', /container app of pod web-1 .* no longer pid 1/);
});

test('of a namespace whose rules are not known nothing is said', async (t) => {
  const { server, reconcile, counted } = await watched(t, [owned('web-1')]);
  server.store.remove('v1 namespaces', undefined, 'team-a');
  await until(async () => (await reconcile()) === undefined);
  assert.equal(counted.at(-1) ?? 1, 1);
});
