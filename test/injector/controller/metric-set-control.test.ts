import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { V1Job } from '@kubernetes/client-node';
import type { MetricSetStatus } from '../../../protocol/metric-set.ts';
import { type ApiServer, startApiServer } from '../../api-server/api-server.ts';
import { until } from '../cluster/viewing.ts';
import { control, putDefaultClass, putNamespace, putPod, statusOf } from './controlling.ts';

const SETS = 'podometer.dev/v1alpha1 metricsets';
const JOBS = 'batch/v1 jobs';
const STORAGE = {
  metrics: [{ name: 'storage', tool: 'ioping', volume: { claimTemplate: { size: '1Gi' } } }],
};

async function cluster(t: TestContext): Promise<ApiServer> {
  const server = await startApiServer(t);
  putDefaultClass(server);
  server.store.define(SETS);
  putNamespace(server, 'team');
  return server;
}

function putSet(server: ApiServer, namespace: string, spec: object, annotations = {}): void {
  const metadata = { namespace, name: 'disk', uid: 'uid-of-disk', generation: 1, annotations };
  const before = server.store.get(SETS, namespace, 'disk') as { status?: object } | undefined;
  server.store.put(SETS, { apiVersion: 'podometer.dev/v1alpha1', kind: 'MetricSet', metadata, ...{ spec } });
  if (before?.status) setStatus(server, namespace, before.status);
}

function setStatus(server: ApiServer, namespace: string, status: object): void {
  server.store.put(SETS, { ...server.store.get(SETS, namespace, 'disk'), status } as never);
}

function setOf(server: ApiServer, namespace = 'team'): MetricSetStatus | undefined {
  return (server.store.get(SETS, namespace, 'disk') as { status?: MetricSetStatus } | undefined)?.status;
}

/** As the Job controller would. */
function endJobs(server: ApiServer): void {
  for (const job of server.store.list(JOBS, 'team') as V1Job[]) {
    const lastTransitionTime = new Date().toISOString();
    const conditions = [{ type: 'Complete', status: 'True', lastTransitionTime }];
    server.store.put(JOBS, { ...job, status: { succeeded: 1, conditions } } as never);
  }
}

test('a MetricSet with a storage metric is measured, followed to its end, and measured again when asked', async (t) => {
  const server = await cluster(t);
  control(t, server);
  putSet(server, 'team', STORAGE);
  await until(() => server.store.list(JOBS, 'team').length === 1);
  await until(() => setOf(server)?.storage?.phase !== undefined);
  endJobs(server);
  await until(() => setOf(server)?.storage?.phase === 'Succeeded');
  putSet(server, 'team', STORAGE, { 'podometer.dev/run-again': 'now' });
  await until(() => server.store.list(JOBS, 'team').length === 2);
});

test('its status counts the pods that it matches as they come and go', async (t) => {
  const server = await cluster(t);
  putSet(server, 'team', { selector: {} });
  control(t, server);
  await until(() => setOf(server)?.matchedPods === 0);
  putPod(server, 'team', 'app');
  await until(() => setOf(server)?.matchedPods === 1);
  server.store.remove('v1 pods', 'team', 'app');
  await until(() => setOf(server)?.matchedPods === 0);
});

test('where somebody writes the status at the same time it is read and written again', async (t) => {
  const server = await cluster(t);
  server.faults.add({ match: /PUT .*metricsets\/disk\/status/, times: 2, status: 409 });
  const said: string[] = [];
  control(t, server, { log: (line) => said.push(line) });
  putSet(server, 'team', { selector: {} });
  await until(() => setOf(server)?.conditions?.[0]?.type === 'Valid');
  assert.deepEqual(said, []);
});

test('a MetricSet of a namespace that takes no part is left alone', async (t) => {
  const server = await cluster(t);
  putNamespace(server, 'left-out');
  putSet(server, 'left-out', STORAGE);
  putSet(server, 'team', STORAGE);
  control(t, server);
  await until(() => server.store.list(JOBS).length > 0);
  assert.deepEqual(
    server.store.list(JOBS).map(({ metadata }) => metadata.namespace),
    ['team'],
  );
  assert.equal(setOf(server, 'left-out'), undefined);
});

test('pods that slipped through are counted while it leads', async (t) => {
  const server = await cluster(t);
  putPod(server, 'team', 'app');
  const counts: number[] = [];
  const end = control(t, server, { onSlipped: (_, count) => counts.push(count) });
  await until(() => statusOf(server, 'team')?.conditions.at(-1)?.reason === 'SlippedThrough');
  assert.equal(counts.at(-1), 1);
  await end();
  assert.equal(counts.at(-1), 0);
});
