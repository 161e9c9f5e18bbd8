import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { V1Lease } from '@kubernetes/client-node';
import { takePart } from '../../../injector/controller/leader.ts';
import type { Clock } from '../../../lib/clock.ts';
import { systemClock } from '../../../lib/clock.ts';
import { ApiAccess } from '../../../lib/cluster/api-access.ts';
import { stopped } from '../../../lib/stopped.ts';
import { type ApiServer, startApiServer } from '../../api-server/api-server.ts';
import { until } from '../cluster/viewing.ts';

/** Time that goes on by itself, and by leaps. */
class LeapingClock implements Clock {
  leapMs = 0;
  monotonicMs = (): number => systemClock.monotonicMs() + this.leapMs;
  wallMs = (): number => systemClock.wallMs() + this.leapMs;
}

interface Replica {
  readonly clock: LeapingClock;
  isLeading: boolean;
  stop(): Promise<void>;
}

function replica(t: TestContext, server: ApiServer, identity: string): Replica {
  const clock = new LeapingClock();
  const stop = new AbortController();
  const self: Replica = {
    clock,
    isLeading: false,
    stop: async () => {
      stop.abort();
      await running;
    },
  };
  const running = takePart({
    cluster: server.configure(new ApiAccess(clock)),
    clock,
    namespace: 'podometer',
    lease: 'podometer-controller',
    identity,
    lead: async (ended) => {
      self.isLeading = true;
      await stopped(ended);
      self.isLeading = false;
    },
    log: () => {},
    stop: stop.signal,
    everyMs: 10,
  });
  t.after(() => self.stop());
  return self;
}

function lease(server: ApiServer): V1Lease['spec'] {
  const found = server.store.get('coordination.k8s.io/v1 leases', 'podometer', 'podometer-controller');
  return (found as V1Lease | undefined)?.spec;
}

test('of two replicas one leads, and the other takes over when it stops', async (t) => {
  const server = await startApiServer(t);
  const one = replica(t, server, 'one');
  await until(() => one.isLeading);
  const two = replica(t, server, 'two');
  await until(() => server.requests.filter((line) => line.startsWith('PUT')).length > 5);
  assert.equal(two.isLeading, false);
  await one.stop();
  await until(() => two.isLeading);
  assert.equal(one.isLeading, false);
  assert.equal(lease(server)?.holderIdentity, 'two');
});

test('two that begin at once do not both lead', async (t) => {
  const server = await startApiServer(t);
  const replicas = ['one', 'two', 'three'].map((name) => replica(t, server, name));
  await until(() => replicas.some(({ isLeading }) => isLeading));
  await until(() => server.requests.length > 60);
  assert.equal(replicas.filter(({ isLeading }) => isLeading).length, 1);
});

test('a leader that cannot renew its Lease stops before another one may begin', async (t) => {
  const server = await startApiServer(t);
  const one = replica(t, server, 'one');
  await until(() => one.isLeading);
  server.faults.add({ match: /leases/, status: 500 });
  one.clock.leapMs = 9000;
  await until(() => server.requests.length > 20);
  assert.equal(one.isLeading, true);
  one.clock.leapMs = 12_000;
  await until(() => !one.isLeading);
});

test('a Lease whose holder is gone is taken once it has not changed for its time', async (t) => {
  const server = await startApiServer(t);
  server.store.put('coordination.k8s.io/v1 leases', {
    metadata: { namespace: 'podometer', name: 'podometer-controller' },
    spec: { holderIdentity: 'gone', leaseDurationSeconds: 15, renewTime: '2020-01-01T00:00:00.000000Z' },
  } as never);
  const one = replica(t, server, 'one');
  await until(() => server.requests.length > 5);
  assert.equal(one.isLeading, false);
  one.clock.leapMs = 16_000;
  await until(() => one.isLeading);
  assert.equal(lease(server)?.leaseTransitions, 1);
});
