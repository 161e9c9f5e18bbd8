/**
 * Podometer as people use it, on the cluster that KUBECONFIG names, with the image that PODOMETER_IMAGE names. Everything
 * that it makes has a name of its own and is removed again; what could not be tested here is printed at the end.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { AGENT_CONTAINER, AGGREGATOR_NAME } from '../../protocol/names.ts';
import type { RunView } from '../../protocol/query.ts';
import { Cluster, eventually } from './cluster.ts';
import { clusterPrograms } from './cluster-programs.ts';
import { Disks } from './disks.ts';
import { HistoryReader } from './history-reader.ts';
import { Installation } from './installation.ts';
import {
  burn,
  cronJob,
  deployment,
  HUNGRY,
  IDLE,
  job,
  metricSet,
  namespace,
  pod,
  RESTRICTED_CONTAINER,
  RESTRICTED_POD,
} from './workloads.ts';

const { KUBECONFIG, PODOMETER_IMAGE: image = '' } = process.env;
const missing = [KUBECONFIG === undefined && 'KUBECONFIG', image === '' && 'PODOMETER_IMAGE'].filter(Boolean);
const skip = missing.length > 0 && `names no cluster to test: set ${missing.join(' and ')}`;

const suffix = randomBytes(3).toString('hex');
const team = `podometer-test-team-${suffix}`;
const restricted = `podometer-test-restricted-${suffix}`;
const baseline = `podometer-test-baseline-${suffix}`;
const namespaces = [team, restricted, baseline];
const READY_S = 180;
const DONE_S = 180;
const CPU_TOLERANCE = 0.05;

test('Podometer in a cluster', { skip, timeout: 1_800_000 }, async (t) => {
  const cluster = new Cluster(clusterPrograms());
  const installation = new Installation(cluster, image, suffix);
  const disks = new Disks(cluster, image, suffix);
  const untested: string[] = [];
  const readers = new Map<string, HistoryReader>();
  const one = (name: string, program: string, more = {}) => ({ name, program, ...more });
  const inTeam = (name: string) => ({ namespace: team, name });

  t.after(async () => {
    for (const reader of readers.values()) reader.close();
    for (const name of namespaces)
      cluster.tryKubectl(['delete', 'namespace', name, '--ignore-not-found', '--timeout=120s']);
    installation.remove();
    await disks.remove();
    for (const what of untested) t.diagnostic(`not tested here: ${what}`);
  });

  const isOnDisk = await disks.make(['team', 'restricted', 'baseline', 'bench']);
  if (!isOnDisk) untested.push('that history survives its aggregator: no pod may mount a folder of its node');

  /** Of a namespace, with the token of somebody whom a RoleBinding to `view` lets read. */
  function historyOf(where: string): HistoryReader {
    const known = readers.get(where);
    if (known !== undefined) return known;
    const subject = `--serviceaccount=${where}:reader`;
    cluster.kubectl('create', 'serviceaccount', 'reader', '-n', where);
    cluster.kubectl('create', 'rolebinding', 'reader', '-n', where, '--clusterrole=view', subject);
    const reader = new HistoryReader(cluster, where, tokenOf('reader', where));
    readers.set(where, reader);
    return reader;
  }

  function tokenOf(account: string, where: string, ...more: string[]): string {
    return cluster.kubectl('create', 'token', account, '-n', where, ...more).trim();
  }

  function finished(where: string, workload: string): Promise<RunView> {
    return eventually(`the run of ${workload}`, DONE_S, () => historyOf(where).finishedRun(workload));
  }

  function completed(where: string, name: string, count = 1): Promise<true> {
    return eventually(`Job ${name}`, DONE_S, () =>
      (cluster.get('job', name, where)?.status.succeeded ?? 0) >= count ? true : undefined,
    );
  }

  async function cpuSeconds(where: string, run: RunView, container: string): Promise<number> {
    const processes = await historyOf(where).processes(run.id);
    const own = processes.filter((process) => process.container === container);
    return own.reduce((sum, p) => sum + (p.cpuUserSeconds ?? 0) + (p.cpuSystemSeconds ?? 0), 0);
  }

  function assertNear(actual: number, expected: number, what: string): void {
    const isNear = Math.abs(actual - expected) <= expected * CPU_TOLERANCE;
    assert.ok(isNear, `${what}: ${actual} CPU seconds, ${expected} were used`);
  }

  await t.test('helm installs it, and says that it is ready once the webhook is trusted', () => {
    installation.install();
    const { webhooks } = cluster.get('mutatingwebhookconfiguration', installation.release);
    assert.ok(webhooks[0].clientConfig.caBundle.length > 0);
    const annotations = isOnDisk ? { 'podometer.dev/storage-class': disks.className } : {};
    cluster.apply(
      namespace(team, 'privileged', annotations),
      namespace(restricted, 'restricted', annotations),
      namespace(baseline, 'baseline', annotations),
    );
  });

  await t.test('a namespace with a labelled workload gets its aggregator', async () => {
    cluster.apply(deployment(inTeam('web'), { image, containers: [one('app', IDLE)] }));
    await eventually(`the aggregator of ${team}`, READY_S, () =>
      cluster.get('statefulset', AGGREGATOR_NAME, team)?.status.readyReplicas === 1 ? true : undefined,
    );
    const [run] = await eventually('the run of web', READY_S, async () => {
      const runs = await historyOf(team)
        .runs('web')
        .catch(() => []);
      return runs.length > 0 ? runs : undefined;
    });
    assert.equal(run?.workload.kind, 'Deployment');
    assert.equal(run?.state, 'running');
  });

  await t.test('an Indexed Job of two members is one run, whose CPU time is right', async () => {
    const indexed = { completionMode: 'Indexed', completions: 2, parallelism: 2 };
    cluster.apply(job(inTeam('train'), { image, containers: [one('worker', burn(4))] }, indexed));
    await completed(team, 'train', 2);
    const run = await finished(team, 'train');
    assert.equal(run.workload.kind, 'Job');
    assert.equal(run.members.length, 2);
    assertNear(await cpuSeconds(team, run, 'worker'), 8, 'train');
  });

  await t.test('a Job that a CronJob made is a run of the CronJob', async () => {
    cluster.apply(cronJob(inTeam('nightly'), { image, containers: [one('report', burn(1))] }));
    const run = await finished(team, 'nightly');
    cluster.kubectl('delete', 'cronjob', 'nightly', '-n', team);
    assert.equal(run.workload.kind, 'CronJob');
  });

  await t.test('containers of different users are told apart', async () => {
    const containers = [
      one('first', burn(3), { securityContext: { runAsUser: 1000, runAsGroup: 1000 } }),
      one('second', burn(2), { securityContext: { runAsUser: 2000, runAsGroup: 2000 } }),
    ];
    cluster.apply(pod(inTeam('pair'), { image, containers }));
    const run = await finished(team, 'pair');
    assertNear(await cpuSeconds(team, run, 'first'), 3, 'first');
    assertNear(await cpuSeconds(team, run, 'second'), 2, 'second');
  });

  await t.test('a Job that is killed for its memory is told as such', async () => {
    const containers = [one('eater', HUNGRY, { memoryLimit: '128Mi' })];
    cluster.apply(job(inTeam('hungry'), { image, containers }));
    const run = await finished(team, 'hungry');
    assert.match(JSON.stringify(await historyOf(team).run(run.id)), /OOMKilled/);
  });

  await t.test('a pod in a restricted namespace is measured without a capability', async () => {
    const containers = [one('quiet', burn(2), { securityContext: RESTRICTED_CONTAINER })];
    const place = { namespace: restricted, name: 'quiet' };
    cluster.apply(job(place, { image, containers, securityContext: RESTRICTED_POD }));
    await completed(restricted, 'quiet');
    const [found] = cluster.list('pod', restricted, 'app=quiet');
    const agent = found.spec.initContainers.find(({ name }: { name: string }) => name === AGENT_CONTAINER);
    assert.deepEqual(agent.securityContext.capabilities, { drop: ['ALL'] });
    assert.equal(agent.securityContext.runAsUser, 1000);
    assertNear(await cpuSeconds(restricted, await finished(restricted, 'quiet'), 'quiet'), 2, 'quiet');
  });

  await t.test('a root pod in a baseline namespace is left alone, with a warning, and runs', async () => {
    const place = { namespace: baseline, name: 'rooted' };
    const asRoot = one('root', burn(1), { securityContext: { runAsUser: 0, runAsGroup: 0 } });
    const told = cluster.apply(pod(place, { image, containers: [asRoot] }));
    assert.match(told, /podometer/i);
    await eventually('pod rooted', DONE_S, () =>
      cluster.get('pod', 'rooted', baseline)?.status.phase === 'Succeeded' ? true : undefined,
    );
    const names = cluster.get('pod', 'rooted', baseline).spec.initContainers ?? [];
    assert.deepEqual(names, []);
  });

  await t.test('a MetricSet says what is measured of the pods that it selects', async () => {
    const spec = {
      selector: { matchLabels: { app: 'chosen' } },
      interval: '200ms',
      tags: { team: 'vision' },
    };
    cluster.apply(metricSet(inTeam('chosen-ones'), spec));
    await eventually('MetricSet chosen-ones', READY_S, () =>
      cluster.get('metricset', 'chosen-ones', team)?.status?.conditions?.[0]?.status === 'True'
        ? true
        : undefined,
    );
    cluster.apply(job(inTeam('chosen'), { image, containers: [one('worker', burn(1))] }));
    const run = await finished(team, 'chosen');
    assert.equal(run.tags.team, 'vision');
    assert.equal(run.intervalMs, 200);
  });

  await t.test(
    'a MetricSet measures a volume of a claim that it makes, and gives the claim back',
    async () => {
      if (!isOnDisk) return;
      const volume = { claimTemplate: { storageClassName: disks.className, size: '1Gi' } };
      const metric = { name: 'storage', tool: 'metadata', options: { files: 2000 }, volume };
      cluster.apply(metricSet(inTeam('disk'), { metrics: [metric] }));
      const status = await eventually('MetricSet disk', DONE_S, () => {
        const { storage } = cluster.get('metricset', 'disk', team)?.status ?? {};
        assert.notEqual(storage?.phase, 'Failed', storage?.message);
        return storage?.phase === 'Succeeded' ? storage : undefined;
      });
      const run = await finished(team, 'disk');
      assert.equal(run.workload.kind, 'MetricSet');
      assert.equal(run.id, status.run);
      assert.match(JSON.stringify(await historyOf(team).run(run.id)), /metadata\.[a-z]/);
      await eventually('the end of the claim', DONE_S, () =>
        cluster.list('pvc', team).every(({ metadata }) => metadata.name === AGGREGATOR_NAME)
          ? true
          : undefined,
      );
    },
  );

  await t.test('a stranger may neither read nor write', async () => {
    cluster.kubectl('create', 'serviceaccount', 'stranger', '-n', team);
    const history = historyOf(team);
    assert.equal((await history.ask('/v1/runs', tokenOf('stranger', team))).status, 403);
    assert.equal((await history.ask('/v1/runs', 'no token at all')).status, 401);
    const unbound = tokenOf('stranger', team, '--audience=podometer');
    assert.equal((await history.ask('/v1/batches', unbound, Buffer.from('a batch'))).status, 403);
  });

  await t.test('a run that goes on while its aggregator is killed loses nothing', async () => {
    if (!isOnDisk) return;
    const before = (await historyOf(team).runs('train')).map(({ id }) => id);
    cluster.apply(job(inTeam('long'), { image, containers: [one('worker', burn(25))] }));
    await eventually('the run of long', READY_S, async () =>
      (await historyOf(team).runs('long')).length > 0 ? true : undefined,
    );
    cluster.kubectl('delete', 'pod', `${AGGREGATOR_NAME}-0`, '-n', team, '--now');
    await completed(team, 'long');
    const run = await finished(team, 'long');
    assertNear(await cpuSeconds(team, run, 'worker'), 25, 'long');
    assert.deepEqual(
      (await historyOf(team).runs('train')).map(({ id }) => id),
      before,
    );
  });

  await t.test('deleting a workload keeps its history', async () => {
    cluster.kubectl('delete', 'deployment', 'web', '-n', team);
    cluster.kubectl('delete', 'job', 'train', '-n', team);
    const web = await finished(team, 'web');
    assert.equal(web.state, 'finished');
    assert.equal((await historyOf(team).runs('train')).length, 1);
  });

  await t.test('an upgrade meets no conflict, and its values reach the aggregators', async () => {
    installation.upgrade('aggregator.keep.runs=500');
    const container = () =>
      cluster.get('statefulset', AGGREGATOR_NAME, team)?.spec.template.spec.containers[0];
    await eventually('the new value', READY_S, () =>
      container()?.env.some(({ value }: { value?: string }) => value === '500') ? true : undefined,
    );
    await eventually(`the aggregator of ${team}`, READY_S, async () =>
      (
        await historyOf(team)
          .runs('train')
          .catch(() => [])
      ).length === 1
        ? true
        : undefined,
    );
  });

  await t.test('after helm uninstall labelled pods are made as they are, and history stays', async () => {
    installation.uninstall();
    assert.equal(cluster.get('mutatingwebhookconfiguration', installation.release), undefined);
    cluster.apply(job(inTeam('after'), { image, containers: [one('app', burn(0.5))] }));
    await completed(team, 'after');
    assert.equal(cluster.list('pod', team, 'app=after')[0].spec.initContainers, undefined);
    // The roles of the release are gone with it; those of the namespace are not.
    const history = new HistoryReader(cluster, team, tokenOf(AGGREGATOR_NAME, team));
    readers.set('after', history);
    assert.equal((await history.runs('train')).length, 1);
  });
});
