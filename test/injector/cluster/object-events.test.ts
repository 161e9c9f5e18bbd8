import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { CoreV1Event } from '@kubernetes/client-node';
import {
  type EventOutcome,
  type ObjectEvent,
  ObjectEvents,
} from '../../../injector/cluster/object-events.ts';
import { skipEvent } from '../../../injector/cluster/skip-event.ts';
import type { SkippedPod } from '../../../injector/webhook/admitter.ts';
import { ApiAccess } from '../../../lib/cluster/api-access.ts';
import { type ApiServer, startApiServer } from '../../api-server/api-server.ts';
import { request, until } from './viewing.ts';

interface Telling {
  readonly server: ApiServer;
  readonly events: ObjectEvents;
  readonly outcomes: readonly EventOutcome[];
  readonly clock: { atMs: number };
}

async function telling(t: TestContext): Promise<Telling> {
  const server = await startApiServer(t);
  const outcomes: EventOutcome[] = [];
  const clock = { atMs: 0 };
  const time = { monotonicMs: () => clock.atMs, wallMs: () => Date.UTC(2026, 0, 1) + clock.atMs };
  const events = new ObjectEvents({
    cluster: server.configure(new ApiAccess(time)),
    clock: time,
    onOutcome: (outcome) => void outcomes.push(outcome),
    log: () => {},
  });
  return { server, events, outcomes, clock };
}

function skipped(name: string, reason = 'host-pid'): ObjectEvent {
  const event = skipEvent(skippedPod(name, reason));
  assert.ok(event);
  return event;
}

function skippedPod(name: string, reason = 'host-pid'): SkippedPod {
  const owner = (kind: string, of: string) => ({
    apiVersion: 'apps/v1',
    kind,
    name: of,
    uid: of,
    labels: {},
  });
  return {
    request,
    facts: {
      serverMinor: 36,
      namespace: { name: 'team-a', labels: {}, limitRanges: [], quotas: [] },
      owners: [owner('ReplicaSet', `${name}-7d4b9`), owner('Deployment', name)],
      metricSets: [],
    },
    reason,
    warning: 'podometer: this pod is not measured: it shares the pids of its node',
  };
}

test('the Event stands on the workload and says what the person at kubectl read', async (t) => {
  const { server, events, outcomes } = await telling(t);
  events.tell(skipped('web'));
  await until(() => outcomes.length === 1);
  const [event] = server.store.list('v1 events', 'team-a') as unknown as CoreV1Event[];
  assert.deepEqual(event?.involvedObject, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'web',
    uid: 'web',
    namespace: 'team-a',
  });
  assert.equal(event.type, 'Warning');
  assert.equal(event.reason, 'PodometerSkipped');
  assert.match(event.message ?? '', /it shares the pids of its node$/);
  assert.equal(String(event.firstTimestamp), '2026-01-01T00:00:00.000Z');
});

test('the same is said again only after a while, but another reason at once', async (t) => {
  const { events, outcomes, clock } = await telling(t);
  for (const reason of ['a', 'a', 'b', 'a']) events.tell(skipped('web', reason));
  await until(() => outcomes.length === 4);
  clock.atMs += 601_000;
  events.tell(skipped('web', 'a'));
  await until(() => outcomes.length === 5);
  assert.deepEqual(outcomes.toSorted(), ['held-back', 'held-back', 'sent', 'sent', 'sent']);
});

test('many workloads at once do not flood the API server', async (t) => {
  const { server, events, outcomes, clock } = await telling(t);
  const tellMany = (from: number): void => {
    for (let index = from; index < from + 100; index++) events.tell(skipped(`web-${index}`));
  };
  tellMany(0);
  await until(() => outcomes.length === 100);
  assert.equal(server.store.list('v1 events').length, 25);
  clock.atMs += 5000;
  tellMany(100);
  await until(() => outcomes.length === 200);
  assert.equal(server.store.list('v1 events').length, 30);
});

test('where nothing could be read, the Event goes to the controller that the pod names', () => {
  const given = skippedPod('web', 'facts-unknown');
  const controller = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: 'web-7d4b9',
    uid: 'u',
    controller: true,
  };
  const other = { ...controller, name: 'other', controller: false };
  const pod = { metadata: { ownerReferences: [other, controller] } };
  const event = skipEvent({ ...given, request: { ...given.request, pod }, facts: undefined });

  assert.equal(event?.object.name, 'web-7d4b9');
});

test('a bare pod gets none, and a refused Event is counted', async (t) => {
  const { server, events, outcomes } = await telling(t);
  const bare = skippedPod('web');
  assert.equal(skipEvent({ ...bare, facts: undefined }), undefined);
  server.faults.add({ match: /events/, status: 403 });
  events.tell(skipped('web'));
  await until(() => outcomes.length > 0);
  assert.deepEqual(outcomes, ['failed']);
});
