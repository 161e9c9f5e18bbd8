/** Workloads of every kind: each one runs as it would without us, and its run tells what it used and how it ended. */
import assert from 'node:assert/strict';
import { AGENT_CONTAINER, AGGREGATOR_NAME, agentEnvironment } from '../../protocol/names.ts';
import type { RunView } from '../../protocol/query.ts';
import { eventually, holds } from './cluster.ts';
import { DONE_S, type Scene } from './scene.ts';
import {
  burn,
  cronJob,
  HUNGRY,
  job,
  metricSet,
  pod,
  RESTRICTED_CONTAINER,
  RESTRICTED_POD,
} from './workloads.ts';

/** Long enough that what is lost between the last sample and the end is far below what is allowed to differ. */
const LONG_S = 20;
const INTERVAL = '200ms';

export async function measuredWorkloads(scene: Scene): Promise<void> {
  await jobs(scene);
  await users(scene);
  await metricSets(scene);
}

async function jobs(scene: Scene): Promise<void> {
  const { cluster, steps, team } = scene;
  const burning = (name: string) => scene.parts([{ name, program: burn(LONG_S) }], { interval: INTERVAL });

  await steps.step('an Indexed Job of two members is one run, whose CPU time is right', async () => {
    const indexed = { completionMode: 'Indexed', completions: 2, parallelism: 2 };
    cluster.apply(job(scene.inTeam('train'), burning('worker'), indexed));
    await scene.completed(team, 'train', 2);
    const run = await scene.finished(team, 'train');
    assert.deepEqual([run.workload.kind, run.members.length], ['Job', 2]);
    await scene.assertUse(team, run, { worker: 2 * LONG_S });
    assertExited(run);
  });

  await steps.step('a Job that a CronJob made is a run of the CronJob', async () => {
    cluster.apply(cronJob(scene.inTeam('nightly'), burning('report')));
    const made = await eventually('the Job of nightly', DONE_S, () => {
      const [first] = cluster
        .list('job', team)
        .filter(({ metadata }) => metadata.ownerReferences?.[0]?.name === 'nightly');
      return first?.metadata.name as string | undefined;
    });
    cluster.kubectl('patch', 'cronjob', 'nightly', '-n', team, '-p', '{"spec":{"suspend":true}}');
    await scene.completed(team, made);
    const run = await scene.finished(team, 'nightly');
    assert.equal(run.workload.kind, 'CronJob');
    await scene.assertUse(team, run, { report: LONG_S });
    assertExited(run);
    cluster.kubectl('delete', 'cronjob', 'nightly', '-n', team);
  });

  await steps.step('a Job that is killed for its memory is told as such', async () => {
    const containers = [{ name: 'eater', program: HUNGRY, memoryLimit: '128Mi' }];
    cluster.apply(job(scene.inTeam('hungry'), scene.parts(containers)));
    const run = await scene.finished(team, 'hungry');
    const [own] = cluster.list('pod', team, 'app=hungry');
    const { reason } = own.status.containerStatuses[0].state.terminated;
    assert.equal(reason, 'OOMKilled', 'this is what Kubernetes itself tells of the container');
    const spells = run.pods
      ?.flatMap(({ containers: all }) => all)
      .find(({ name }) => name === 'eater')?.spells;
    assert.equal(spells?.at(-1)?.reason, 'OOMKilled');
    assert.deepEqual([run.outcome?.cause, run.outcome?.exitCode], ['OOMKilled', 137]);
  });
}

async function users(scene: Scene): Promise<void> {
  const { cluster, steps, team, restricted, baseline } = scene;
  const asUser = (id: number) => ({ securityContext: { runAsUser: id, runAsGroup: id } });

  await steps.step('containers of different users are told apart', async () => {
    const containers = [
      { name: 'first', program: burn(LONG_S), ...asUser(1000) },
      { name: 'second', program: burn(LONG_S + 5), ...asUser(2000) },
    ];
    cluster.apply(pod(scene.inTeam('pair'), scene.parts(containers, { interval: INTERVAL })));
    const run = await scene.finished(team, 'pair');
    await scene.assertUse(team, run, { first: LONG_S, second: LONG_S + 5 });
    assertExited(run);
  });

  await steps.step('a pod in a restricted namespace is measured without a capability', async () => {
    const containers = [{ name: 'quiet', program: burn(LONG_S), securityContext: RESTRICTED_CONTAINER }];
    const more = { securityContext: RESTRICTED_POD, interval: INTERVAL };
    cluster.apply(job({ namespace: restricted, name: 'quiet' }, scene.parts(containers, more)));
    await scene.completed(restricted, 'quiet');
    const [found] = cluster.list('pod', restricted, 'app=quiet');
    const agent = found.spec.initContainers.find(({ name }: { name: string }) => name === AGENT_CONTAINER);
    assert.deepEqual(agent.securityContext.capabilities, { drop: ['ALL'] });
    assert.equal(agent.securityContext.runAsUser, 1000);
    const run = await scene.finished(restricted, 'quiet');
    await scene.assertUse(restricted, run, { quiet: LONG_S });
    assertExited(run);
  });

  await steps.step('a root pod in a baseline namespace is left alone, with a warning, and runs', async () => {
    const containers = [{ name: 'root', program: burn(1), ...asUser(0) }];
    const told = cluster.apply(pod({ namespace: baseline, name: 'rooted' }, scene.parts(containers)));
    assert.match(told, /podometer/i);
    const rooted = () => cluster.get('pod', 'rooted', baseline);
    await holds('pod rooted', DONE_S, () => rooted()?.status.phase === 'Succeeded');
    assert.deepEqual(rooted().spec.initContainers ?? [], []);
  });
}

async function metricSets(scene: Scene): Promise<void> {
  const { cluster, steps, team, disks } = scene;

  await steps.step('a MetricSet says what is measured of the pods that it selects', async () => {
    const spec = {
      selector: { matchLabels: { app: 'chosen' } },
      interval: INTERVAL,
      tags: { team: 'vision' },
    };
    cluster.apply(metricSet(scene.inTeam('chosen-ones'), spec));
    const parts = scene.parts([{ name: 'worker', program: burn(LONG_S) }]);
    const isIts = ({ name, value }: { name: string; value?: string }) =>
      name === agentEnvironment.metricSet && value === 'chosen-ones';
    await scene.untilAdmitted(pod(scene.inTeam('chosen'), parts), ({ env }) => env.some(isIts));
    cluster.apply(job(scene.inTeam('chosen'), parts));
    await scene.completed(team, 'chosen');
    const run = await scene.finished(team, 'chosen');
    assert.deepEqual([run.tags.team, run.intervalMs], ['vision', 200]);
    await scene.assertUse(team, run, { worker: LONG_S });
    assertExited(run);
  });

  const volumes = 'a MetricSet measures a volume of a claim that it makes, and gives the claim back';
  const cannot = scene.isTainted ? 'its pods tolerate no taint, and every node has one' : scene.withoutDisks;
  await steps.step(
    volumes,
    async () => {
      const volume = { claimTemplate: { storageClassName: disks.className, size: '1Gi' } };
      const metric = { name: 'storage', tool: 'metadata', options: { files: 2000 }, volume };
      cluster.apply(metricSet(scene.inTeam('disk'), { metrics: [metric] }));
      const storage = () => cluster.get('metricset', 'disk', team)?.status?.storage;
      await holds(
        'MetricSet disk',
        DONE_S,
        () => {
          assert.notEqual(storage()?.phase, 'Failed', storage()?.message);
          return storage()?.phase === 'Succeeded';
        },
        () => JSON.stringify(storage()),
      );
      const run = await scene.finished(team, 'disk');
      assert.deepEqual([run.workload.kind, run.id], ['MetricSet', storage().run]);
      assert.ok(run.results?.some(({ name }) => name.startsWith('metadata.')));
      const claims = () => cluster.list('pvc', team).map(({ metadata }) => metadata.name as string);
      await holds('the end of the claim', DONE_S, () => claims().every((name) => name === AGGREGATOR_NAME));
    },
    cannot,
  );
}

/** With 0, as the API server tells it of each container. */
function assertExited(run: RunView): void {
  assert.deepEqual([run.outcome?.reason, run.outcome?.exitCode], ['exited', 0]);
  const spells = run.pods?.flatMap(({ containers }) => containers.map((one) => one.spells.at(-1)));
  assert.ok(spells !== undefined && spells.length > 0, `${run.ref} has no containers`);
  for (const spell of spells) assert.deepEqual([spell?.reason, spell?.exitCode], ['Completed', 0]);
}
