import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunRecord, Store } from '../../../aggregator/store/model.ts';
import { withPodEnds } from '../../../aggregator/store/pods.ts';
import { runState } from '../../../aggregator/store/run-state.ts';
import type { Pod } from '../../../protocol/pods.ts';
import type { RunOutcome, Workload } from '../../../protocol/run.ts';
import { openMember, run as recordOf } from '../fake-store.ts';
import { agentId, batchOf, bytesOf, declarationOf } from './sample-batches.ts';
import { scratchFolder, scratchStore, withDatabases } from './scratch.ts';

const OOM: RunOutcome = { endedAtMs: 5000, exitCode: 137, reason: 'exited', cause: 'OOMKilled' };

const podOf = (uid: string, change: Partial<Pod> = {}): Pod => ({
  name: `pod-${uid}`,
  uid,
  phase: 'Running',
  containers: [],
  ...change,
});

async function addMember(store: Store, agent: number, podUid: string): Promise<void> {
  const declaration = declarationOf({
    member: `pod-${podUid}`,
    podUid,
    workload: { kind: 'Job', name: 'train', namespace: 'team' },
  });
  const batch = batchOf(0, { agent }, { declaration });
  await store.append(bytesOf(batch), batch);
}

test('pods are kept beside the members, replaced by uid, and removed with their run', async (t) => {
  const folder = scratchFolder(t);
  const store = await scratchStore(t, folder);
  await addMember(store, 1, 'u1');
  assert.equal(store.run('run-1')?.pods, undefined);
  await store.noteCluster('run-1', { pods: [podOf('u1'), podOf('u2')] });
  const { pods } = await store.noteCluster('run-1', { pods: [podOf('u2', { phase: 'Failed' })] });
  assert.deepEqual(
    pods?.map(({ uid, phase }) => [uid, phase]),
    [
      ['u1', 'Running'],
      ['u2', 'Failed'],
    ],
  );
  assert.deepEqual(store.run('run-1')?.pods, pods);
  await assert.rejects(store.noteCluster('run-9', { pods: [podOf('u1')] }), { code: 'PODO_RUN_NOT_FOUND' });
  await store.remove('run-1');
  await store.close();
  await withDatabases(folder, ({ tables }) => assert.deepEqual([...(tables.pods?.getKeys() ?? [])], []));
});

test('an ending is kept through later batches and changes by people, and can be taken back', async (t) => {
  const store = await scratchStore(t);
  await addMember(store, 1, 'u1');
  await store.noteCluster('run-1', { ending: OOM, concluded: { atMs: 7, regression: 'worse' } });
  const next = batchOf(1, { agent: 1 });
  await store.append(bytesOf(next), next);
  await store.update('run-1', (record) => ({ ...record, pinned: true }));
  const record = store.run('run-1');
  assert.deepEqual([record?.ending, record?.concluded?.regression, record?.pinned], [OOM, 'worse', true]);
  assert.deepEqual(store.directory('run-1').events.at(-1)?.kind, 'regression');
  assert.equal((await store.noteCluster('run-1', { ending: null })).ending, undefined);
});

test('an agent is found with its pod, and one that sent nothing is not', async (t) => {
  const store = await scratchStore(t);
  await addMember(store, 1, 'u1');
  const { name, podUid } = store.member(agentId(1)) ?? {};
  assert.deepEqual([name, podUid], ['pod-u1', 'u1']);
  assert.equal(store.member(agentId(2)), undefined);
});

test('a store from before there were pods is read as it is, and takes pods once it is written', async (t) => {
  const folder = scratchFolder(t);
  const before = await scratchStore(t, folder);
  await addMember(before, 1, 'u1');
  await before.close();
  await withDatabases(folder, async ({ tables }) => void (await tables.pods?.drop()));
  const reader = await scratchStore(t, folder, { readOnly: true });
  assert.deepEqual([reader.run('run-1')?.id, reader.run('run-1')?.pods], ['run-1', undefined]);
  await reader.close();
  const writer = await scratchStore(t, folder);
  assert.equal((await writer.noteCluster('run-1', { pods: [podOf('u1')] })).pods?.length, 1);
});

const memberOf = (podUid: string, lastSeenMs: number, agent = podUid) =>
  openMember({ podUid, lastSeenMs, agent });

test('a member ends as its pod did, at the time that its agent told where it did', () => {
  const told = { ...memberOf('u1', 4000), outcome: { endedAtMs: 4500, reason: 'unknown' as const } };
  const pods = [
    podOf('u1', { phase: 'Failed', outcome: OOM }),
    podOf('u2', { phase: 'Failed', outcome: OOM }),
  ];
  const [one, two, other] = withPodEnds([told, memberOf('u2', 4000), memberOf('u3', 4000)], pods);
  assert.deepEqual(one?.outcome, { ...OOM, endedAtMs: 4500 });
  assert.deepEqual(two?.outcome, OOM);
  assert.equal(other?.outcome, undefined);
});

test('an agent that goes on sending is there, whatever became of its pod’s label', () => {
  const gone = podOf('u1', {
    goneAt: new Date(10_000).toISOString(),
    outcome: { endedAtMs: 10_000, reason: 'deleted' },
  });
  const outcomeAt = (lastSeenMs: number) =>
    withPodEnds([memberOf('u1', lastSeenMs)], [gone])[0]?.outcome?.reason;
  assert.deepEqual(
    [outcomeAt(9000), outcomeAt(30_000), outcomeAt(50_000)],
    ['deleted', 'deleted', undefined],
  );
});

test('an agent that was started again in its pod ends the one before it', () => {
  const [first, second] = withPodEnds([memberOf('u1', 4000, 'a'), memberOf('u1', 9000, 'b')], []);
  assert.deepEqual(first?.outcome, { endedAtMs: 4000, reason: 'unknown' });
  assert.equal(second?.outcome, undefined);
});

test('a run in a cluster goes on while its workload may make another pod', () => {
  const stateAt = (kind: Workload['kind'], nowMs: number, change: Partial<RunRecord> = {}) => {
    const members = withPodEnds([memberOf('u1', 4000)], [podOf('u1', { phase: 'Failed', outcome: OOM })]);
    const pods = [podOf('u1', { phase: 'Failed', outcome: OOM })];
    const workload = { kind, name: 'train', namespace: 'team' };
    return runState(recordOf(1, { workload, members, pods, ...change }), nowMs, () => undefined);
  };
  assert.equal(stateAt('Pod', 6000), 'finished');
  assert.deepEqual([stateAt('Deployment', 34_000), stateAt('Deployment', 36_000)], ['running', 'finished']);
  assert.deepEqual([stateAt('Job', 400_000), stateAt('Job', 426_000)], ['running', 'finished']);
  assert.equal(stateAt('Job', 6000, { ending: OOM }), 'finished');
  // A pod that no agent speaks for yet.
  const waiting = { pods: [podOf('u2', { phase: 'Pending' })] };
  assert.equal(stateAt('Deployment', 900_000, waiting), 'running');
  // The last batches of a workload that has ended.
  const late = { members: [memberOf('u1', 4000)], ending: OOM };
  assert.deepEqual([stateAt('Job', 6000, late), stateAt('Job', 90_000, late)], ['running', 'finished']);
});
