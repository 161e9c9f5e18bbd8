import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { AGGREGATOR_ROLE_RULES } from '../../../protocol/aggregator-role.ts';
import { until } from '../../injector/cluster/viewing.ts';
import {
  atMs,
  ended,
  evictedPod,
  iso,
  JOB_UID,
  job,
  jobPod,
  oomKilledPod,
  running,
  status,
  succeededPod,
} from './pod-fixtures.ts';
import { watchedNamespace } from './watched-namespace.ts';

const isFinished = ({ state }: { state: string }): boolean => state === 'finished';
const SET = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'rs-1', controller: true };
const webPod = (name: string) => jobPod({ name, run: 'rs-1', metadata: { ownerReferences: [SET] } });

test('a Job is retried after an OOM kill: each pod is a member, and the run ends as the Job does', async (t) => {
  const space = await watchedNamespace(t);
  space.putJob(job('train', JOB_UID));
  space.putPod(jobPod());
  await space.send({ pod: 'pod-a' });
  space.putPod(oomKilledPod());
  const retrying = await space.runWhen(({ pods }) => pods?.[0]?.outcome !== undefined);
  assert.deepEqual([retrying.state, retrying.outcome], ['running', undefined]);

  space.putPod(succeededPod({ name: 'pod-b', statuses: [status('main', ended(80, 90, 0))] }));
  await space.send({ pod: 'pod-b' });
  await space.runWhen(({ pods }) => pods?.length === 2);
  space.putJob(job('train', JOB_UID, { type: 'Complete', at: 92 }));
  const run = await space.runWhen(isFinished);
  assert.deepEqual(run.outcome, { endedAtMs: atMs(92), exitCode: 0, reason: 'exited' });
  assert.equal(run.endedAt, iso(92));
  assert.deepEqual(
    run.members.map(({ name }) => name),
    ['pod-a', 'pod-b'],
  );
  assert.deepEqual(
    run.pods?.map(({ name, node, scheduledAt, outcome }) => [
      name,
      node,
      scheduledAt,
      outcome?.exitCode,
      outcome?.cause,
    ]),
    [
      ['pod-a', 'node-a', iso(1), 137, 'OOMKilled'],
      ['pod-b', 'node-a', iso(1), 0, undefined],
    ],
  );
});

test('kills, restarts and evictions are each one event, also for the next aggregator', async (t) => {
  const space = await watchedNamespace(t);
  const again = jobPod({
    statuses: [status('main', running(70), { restartCount: 1, lastState: ended(3, 63, 137, 'OOMKilled') })],
  });
  space.putPod(again);
  await space.send({ pod: 'pod-a' });
  space.putPod(evictedPod({ name: 'pod-b' }));
  await space.runWhen(({ pods }) => pods?.length === 2);
  const before = await space.events();
  assert.deepEqual(
    before.map(({ kind, atMs: ms }) => [kind, ms]),
    [
      ['eviction', 38_000],
      ['oom', 61_000],
      ['restart', 68_000],
    ],
  );
  await space.restart();
  // It has seen the pod anew once it tells of a later change.
  space.putPod({ ...again, status: { ...again.status, message: 'seen' } });
  await space.runWhen(({ pods }) => pods?.some(({ message }) => message === 'seen') === true);
  assert.deepEqual(await space.events(), before);
  const { body } = await space.aggregator.ask('GET', `/v1/runs/${JOB_UID}/findings`, 'reader');
  assert.match(body, /Container `main` in pod `pod-a` was killed for want of memory/);
});

test('a pod that is deleted while its agent is silent ends its run', async (t) => {
  const space = await watchedNamespace(t);
  const run = 'uid-of-pod-a';
  space.putPod(jobPod({ run, metadata: { ownerReferences: [] } }));
  await space.send({ pod: 'pod-a', run, kind: 'Pod' });
  await space.runWhen(({ pods }) => pods?.length === 1, run);
  space.removePod('pod-a');
  const { outcome, state } = await space.runWhen(isFinished, run);
  assert.deepEqual([state, outcome?.reason, outcome?.cause], ['finished', 'deleted', 'Deleted']);
});

test('a run whose pods and Job all went while the aggregator was down is ended when it is back', async (t) => {
  const space = await watchedNamespace(t);
  space.putJob(job('train', JOB_UID));
  space.putPod(jobPod());
  await space.send({ pod: 'pod-a' });
  // Of this one nothing but its batch was ever seen.
  await space.send({ pod: 'pod-x' });
  await space.runWhen(({ pods }) => pods?.length === 1);
  await space.restart(() => {
    space.removePod('pod-a');
    space.api.store.remove('batch/v1 jobs', 'team', 'train');
    space.skip(120_000);
  });
  await space.runWhen(({ pods }) => pods?.length === 2);
  space.skip(60_000);
  const { outcome, pods } = await space.runWhen(isFinished);
  assert.equal(outcome?.reason, 'deleted');
  assert.deepEqual(
    pods?.map(({ name, phase, goneAt }) => [name, phase, goneAt !== undefined]),
    [
      ['pod-a', 'Running', true],
      ['pod-x', 'Unknown', true],
    ],
  );
});

test('a cut watch, a forgotten history and a server that is down for a while lose no end', async (t) => {
  const space = await watchedNamespace(t);
  const { api } = space;
  const [a, b, c] = ['pod-a', 'pod-b', 'pod-c'];
  for (const pod of [a, b, c]) {
    space.putPod(webPod(pod));
    await space.send({ pod, run: 'rs-1', kind: 'Deployment' });
  }
  const goneCount =
    (count: number) =>
    ({ pods = [] }: { pods?: readonly { goneAt?: string }[] }) =>
      pods.length === 3 && pods.filter(({ goneAt }) => goneAt !== undefined).length === count;
  await space.runWhen(goneCount(0), 'rs-1');

  api.cutConnections();
  space.removePod(a);
  await space.runWhen(goneCount(1), 'rs-1');

  api.faults.add({ match: /pods.*watch=true/, delayMs: 50, times: 1 });
  api.cutConnections();
  space.removePod(b);
  api.store.forget();
  await space.runWhen(goneCount(2), 'rs-1');

  const port = Number(new URL(api.url).port);
  await api.close();
  space.removePod(c);
  await after(100);
  assert.equal((await space.run('rs-1')).state, 'running');
  await api.listen(port);
  await space.runWhen(goneCount(3), 'rs-1');
  space.skip(31_000);
  assert.equal((await space.runWhen(isFinished, 'rs-1')).outcome?.reason, 'stopped');
});

test('a revision goes on while another pod may come, and begins again where one does', async (t) => {
  const space = await watchedNamespace(t);
  space.putPod(webPod('pod-a'));
  await space.send({ pod: 'pod-a', run: 'rs-1', kind: 'Deployment' });
  await space.runWhen(({ pods }) => pods?.length === 1, 'rs-1');
  space.removePod('pod-a');
  const between = await space.runWhen(({ pods }) => pods?.[0]?.goneAt !== undefined, 'rs-1');
  assert.deepEqual([between.state, between.endedAt], ['running', undefined]);
  space.putPod(webPod('pod-b'));
  await space.runWhen(({ pods }) => pods?.length === 2, 'rs-1');
  space.skip(300_000);
  assert.equal((await space.run('rs-1')).state, 'running');
  space.removePod('pod-b');
  await space.runWhen(({ pods }) => pods?.every(({ goneAt }) => goneAt) === true, 'rs-1');
  space.skip(31_000);
  await space.runWhen(isFinished, 'rs-1');
  space.putPod(webPod('pod-c'));
  await space.runWhen(({ state }) => state === 'running', 'rs-1');
});

test('what a pod did before its first batch came is kept for it, and a pod without an agent is nobody’s', async (t) => {
  const space = await watchedNamespace(t);
  space.putPod({ ...jobPod({ name: 'plain' }), spec: { containers: [{ name: 'main', image: 'i' }] } });
  space.putPod(oomKilledPod());
  await until(() => space.api.requests.some((line) => line.includes('pods?') && line.includes('watch=true')));
  space.removePod('pod-a');
  await after(50);
  await space.send({ pod: 'pod-a' });
  const { pods } = await space.runWhen((run) => run.pods !== undefined);
  assert.deepEqual(
    pods?.map(({ name, outcome }) => [name, outcome?.cause]),
    [['pod-a', 'OOMKilled']],
  );
});

test('it asks the API server for nothing but what its role allows, and its role for nothing but that', async (t) => {
  const space = await watchedNamespace(t, ({ store }) => store.define('jobset.x-k8s.io/v1alpha2 jobsets'));
  space.putPod(succeededPod());
  space.putJob(job('train', JOB_UID, { type: 'Complete', at: 70 }));
  await space.send({ pod: 'pod-a' });
  await space.runWhen(isFinished);
  const allowed = AGGREGATOR_ROLE_RULES.flatMap(({ apiGroups, resources, verbs }) =>
    verbs.map((verb) => `${verb} ${resources[0]}.${apiGroups[0]} in team`),
  ).filter((what) => !what.startsWith('create'));
  const asked = (): string[] =>
    space.api.requests.filter((line) => !line.includes('reviews')).map(requestedVerb);
  await until(() => new Set(asked()).size === allowed.length);
  assert.deepEqual([...new Set(asked())].toSorted(), allowed.toSorted());
});

/** `list pods. in team`: the verb, resource, group and namespace of a request. */
function requestedVerb(line: string): string {
  const [, method = '', group = '', namespace = '', resource = ''] =
    /^(\w+) \/apis?(?:\/([^/]+))?\/v\w+\/namespaces\/([^/]+)\/(\w+)/.exec(line) ?? [];
  const verb = method !== 'GET' ? method : line.includes('watch=true') ? 'watch' : 'list';
  return `${verb} ${resource}.${group} in ${namespace}`;
}
