/** One helm command, one label: an aggregator in each namespace, and a first run. */
import assert from 'node:assert/strict';
import { holds } from './cluster.ts';
import { READY_S, type Scene } from './scene.ts';
import { deployment, IDLE, namespace, pod, RESTRICTED_CONTAINER, RESTRICTED_POD } from './workloads.ts';

export async function installing(scene: Scene): Promise<void> {
  const { cluster, installation, disks, steps, team } = scene;

  await steps.required('helm installs it, and says that it is ready once the webhook is trusted', () => {
    installation.install();
    const { webhooks } = cluster.get('mutatingwebhookconfiguration', installation.release);
    assert.ok(webhooks[0].clientConfig.caBundle.length > 0);
    const marks: Record<string, string> =
      scene.withoutDisks === undefined ? { 'podometer.dev/storage-class': disks.className } : {};
    cluster.apply(
      namespace(team, 'privileged', marks),
      namespace(scene.restricted, 'restricted', marks),
      namespace(scene.baseline, 'baseline', marks),
    );
  });

  // That the configuration is complete does not say that every API server has it already.
  await steps.required('labelled pods are given the agent in every namespace', async () => {
    for (const where of scene.namespaces) await scene.untilAdmitted(idle(scene, where), () => true);
  });

  // What is over before its aggregator is there could tell nobody (docs/injection.md).
  await steps.required('a namespace with a labelled pod gets its aggregator', async () => {
    cluster.apply(...scene.namespaces.map((where) => idle(scene, where)));
    for (const where of scene.namespaces) await scene.aggregatorReady(where);
  });

  await steps.required('a Deployment is measured while it goes on', async () => {
    const parts = scene.parts([{ name: 'app', program: IDLE }]);
    cluster.apply(deployment(scene.inTeam('web'), parts));
    await holds('the run of web', READY_S, async () => {
      const run = await scene.historyOf(team).newestRun('web');
      return run?.state === 'running' && run.workload.kind === 'Deployment';
    });
  });
}

function idle(scene: Scene, where: string) {
  const container = { name: 'idle', program: IDLE, securityContext: RESTRICTED_CONTAINER };
  return pod(
    { namespace: where, name: 'idle' },
    scene.parts([container], { securityContext: RESTRICTED_POD }),
  );
}
