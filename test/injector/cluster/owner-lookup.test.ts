import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ApiServer, startApiServer } from '../../api-server/api-server.ts';
import { ownedBy, viewSynced } from './viewing.ts';

const TEAM = 'team-a';

const parent = (kind: string, name: string, apiVersion = 'apps/v1') => ({
  apiVersion,
  kind,
  name,
  uid: `uid-of-${name}`,
  controller: true,
});

async function clusterWith(t: Parameters<typeof startApiServer>[0]): Promise<ApiServer> {
  const server = await startApiServer(t);
  server.store.put('v1 namespaces', { metadata: { name: TEAM } });
  server.store.put('apps/v1 replicasets', {
    metadata: {
      name: 'web-7d4b9',
      namespace: TEAM,
      uid: 'rs',
      labels: { app: 'web' },
      ownerReferences: [parent('Rollout', 'web', 'argoproj.io/v1alpha1')],
    },
  });
  server.store.put('batch/v1 jobs', {
    metadata: {
      name: 'nightly-29',
      namespace: TEAM,
      uid: 'job',
      ownerReferences: [parent('CronJob', 'nightly', 'batch/v1')],
    },
  });
  return server;
}

const reads = ({ requests }: ApiServer): string[] => requests.filter((line) => /replicasets|jobs/.test(line));

test("a ReplicaSet's and a Job's own controllers are read, with the labels of what was read", async (t) => {
  const { facts } = await viewSynced(t, await clusterWith(t));
  const ofReplicaSet = await facts({ pod: ownedBy('ReplicaSet', 'web-7d4b9', 'rs') });
  assert.deepEqual(ofReplicaSet?.owners, [
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-7d4b9', uid: 'rs', labels: { app: 'web' } },
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      name: 'web',
      uid: 'uid-of-web',
      labels: undefined,
    },
  ]);
  const ofJob = await facts({ pod: ownedBy('Job', 'nightly-29', 'job', 'batch/v1') });
  assert.deepEqual(
    ofJob?.owners.map(({ kind, name }) => `${kind} ${name}`),
    ['Job nightly-29', 'CronJob nightly'],
  );
});

test('an owner is read once for all its pods, also for those that come while it is being read', async (t) => {
  const server = await clusterWith(t);
  const { facts } = await viewSynced(t, server);
  server.faults.add({ match: /replicasets/, delayMs: 30 });
  const pod = ownedBy('ReplicaSet', 'web-7d4b9', 'rs');
  const all = await Promise.all(Array.from({ length: 50 }, () => facts({ pod })));
  assert.ok(all.every((one) => one?.owners.length === 2));
  await facts({ pod });
  assert.equal(reads(server).length, 1);
});

test('controllers that are the workload themselves, and bare pods, are not looked up', async (t) => {
  const server = await clusterWith(t);
  const { facts } = await viewSynced(t, server);
  const owners = async (kind: string, apiVersion?: string): Promise<string[] | undefined> =>
    (await facts({ pod: ownedBy(kind, 'x', 'x', apiVersion) }))?.owners.map((owner) => owner.kind);
  assert.deepEqual(await owners('StatefulSet'), ['StatefulSet']);
  assert.deepEqual(await owners('Job', 'example.com/v1'), ['Job']);
  assert.deepEqual((await facts())?.owners, []);
  assert.deepEqual(reads(server), []);
});

test('a slow API server is not waited for longer than there is time, and its answer serves the next pod', async (t) => {
  const server = await clusterWith(t);
  const { facts } = await viewSynced(t, server, 20);
  server.faults.add({ match: /replicasets/, delayMs: 100, times: 1 });
  const pod = ownedBy('ReplicaSet', 'web-7d4b9', 'rs');
  const first = await facts({ pod });
  assert.deepEqual(first?.owners, [
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-7d4b9', uid: 'rs', labels: undefined },
  ]);
  assert.equal((await facts({ pod }, 0))?.owners.length, 1);
  while ((await facts({ pod }))?.owners.length === 1);
  assert.equal(reads(server).length, 1);
});

test('one that cannot be read, or was replaced by another of its name, is known by name, and not asked for again at once', async (t) => {
  const server = await clusterWith(t);
  const { facts } = await viewSynced(t, server);
  server.faults.add({ match: /jobs/, status: 403 });
  for (const pod of [
    ownedBy('ReplicaSet', 'web-7d4b9', 'another-uid'),
    ownedBy('ReplicaSet', 'gone', 'gone'),
    ownedBy('Job', 'nightly-29', 'job', 'batch/v1'),
  ]) {
    for (const _time of [1, 2]) {
      const owners = (await facts({ pod }))?.owners ?? [];
      assert.deepEqual(
        owners.map(({ labels }) => labels),
        [undefined],
      );
    }
  }
  assert.equal(reads(server).length, 3);
});
