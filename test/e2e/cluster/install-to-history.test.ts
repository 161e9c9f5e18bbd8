import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { V1Container, V1Pod } from '@kubernetes/client-node';
import { AGENT_CONTAINER, AGGREGATOR_NAME, PROFILE_LABEL } from '../../../protocol/names.ts';
import type { RunView } from '../../../protocol/query.ts';
import { TEAM } from '../../charts/installing.ts';
import { podometer } from '../../cli/podometer.ts';
import { burn } from '../../cluster/workloads.ts';
import { until } from '../../injector/cluster/viewing.ts';
import { PodWorld, podWorldSkip as skip } from '../pod/pod-world.ts';
import { mountVolumes, startContainer } from './kubelet.ts';
import { SmallCluster } from './small-cluster.ts';

/** The end of a program uses some ms more than it could count, and that is a share of all that must not matter. */
const CPU_SECONDS = 3;
const TOLERANCE = 0.05;

const PLAIN_USER = {
  runAsUser: 1000,
  runAsGroup: 1000,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
};

function labelledPod(app: Partial<V1Container>): V1Pod {
  const command = [process.execPath, '-e', burn(CPU_SECONDS)];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'solver',
      labels: { [PROFILE_LABEL]: 'true' },
      annotations: { 'podometer.dev/interval': '100ms', 'podometer.dev/tags': 'commit=abc' },
    },
    spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'app:1', command, ...app }] },
  };
}

/** From its creation to the end of its app; answers what `podometer show` tells of it afterwards. */
async function measured(t: TestContext, cluster: SmallCluster, given: V1Pod): Promise<RunView> {
  const world = await PodWorld.start(t);
  const pod = await cluster.create(given);
  await cluster.startAggregator(t);
  mountVolumes(world, pod, cluster.token, {
    localhost: '127.0.0.1',
    [`${AGGREGATOR_NAME}.${TEAM}.svc`]: '127.0.0.1',
  });
  const agent = await startContainer(world, pod, AGENT_CONTAINER);
  const startedAt = new Date();
  cluster.tell(pod, { phase: 'Running' });
  const app = await startContainer(world, pod, 'app');
  assert.equal(await app.ended, 0);
  agent.signal('SIGTERM');
  assert.equal(await agent.ended, 0);
  const terminated = { exitCode: 0, reason: 'Completed', startedAt, finishedAt: new Date() };
  const ended = { name: 'app', image: 'app:1', imageID: 'app@1', ready: false, restartCount: 0 };
  cluster.tell(pod, { phase: 'Succeeded', containerStatuses: [{ ...ended, state: { terminated } }] });
  const show = async (): Promise<RunView | undefined> => {
    const argv = ['-n', TEAM, 'show', 'solver@latest', '--json'];
    const { code, stdout } = await podometer(argv, { env: cluster.kubeconfig() });
    return code === 0 ? JSON.parse(stdout).run : undefined;
  };
  await until(async () => (await show())?.outcome?.exitCode !== undefined);
  return (await show()) as RunView;
}

const users = {
  'a pod of one plain user, whose agent has no capability': { securityContext: PLAIN_USER },
  'a pod of root, whose agent may trace': { securityContext: { runAsUser: 0 } },
};

for (const [what, app] of Object.entries(users)) {
  test(`from helm install to podometer show: ${what}`, { skip }, async (t) => {
    const cluster = await SmallCluster.installed(t);
    if (cluster === undefined) return;
    const run = await measured(t, cluster, labelledPod(app));
    const { cpuUserSeconds = 0, cpuSystemSeconds = 0, shortLivedCpuSeconds = 0 } = run.measures;
    // What sets a container up lives shortly, and costs more the busier the machine is.
    const own = cpuUserSeconds + cpuSystemSeconds - shortLivedCpuSeconds;
    const error = own / CPU_SECONDS - 1;
    assert.ok(Math.abs(error) < TOLERANCE, JSON.stringify(run.measures));
    assert.equal(run.tags.commit, 'abc');
    assert.equal(run.intervalMs, 100);
    assert.equal(run.outcome?.exitCode, 0);
  });
}
