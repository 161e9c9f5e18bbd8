/** What history outlives: its aggregator's pod, its workloads, an upgrade and the release itself. */
import assert from 'node:assert/strict';
import { AGGREGATOR_NAME } from '../../protocol/names.ts';
import { holds } from './cluster.ts';
import { READY_S, type Scene } from './scene.ts';
import { burn, job } from './workloads.ts';

const LONG_S = 25;

export async function surviving(scene: Scene): Promise<void> {
  const { cluster, installation, steps, team, losesHistory } = scene;
  const isThere = async (workload: string) => (await scene.historyOf(team).newestRun(workload)) !== undefined;

  await steps.step(
    'a run that goes on while its aggregator is killed loses nothing',
    async () => {
      const ids = async () => (await scene.historyOf(team).runs('train')).map(({ id }) => id);
      const before = await ids();
      const containers = [{ name: 'worker', program: burn(LONG_S) }];
      cluster.apply(job(scene.inTeam('long'), scene.parts(containers, { interval: '200ms' })));
      await holds('the run of long', READY_S, () => isThere('long'));
      cluster.kubectl('delete', 'pod', `${AGGREGATOR_NAME}-0`, '-n', team, '--now');
      await scene.completed(team, 'long');
      await scene.assertUse(team, await scene.finished(team, 'long'), { worker: LONG_S });
      assert.deepEqual(await ids(), before);
    },
    losesHistory,
  );

  await steps.step('deleting a workload keeps its history', async () => {
    cluster.kubectl('delete', 'deployment', 'web', '-n', team);
    cluster.kubectl('delete', 'job', 'train', '-n', team);
    const web = await scene.finished(team, 'web');
    assert.equal(web.outcome?.reason, 'stopped');
    assert.equal((await scene.historyOf(team).runs('train')).length, 1);
  });

  await steps.step('an upgrade meets no conflict, and its values reach the aggregators', async () => {
    installation.upgrade('aggregator.keep.runs=500');
    const environment = (): { value?: string }[] =>
      cluster.get('statefulset', AGGREGATOR_NAME, team)?.spec.template.spec.containers[0].env ?? [];
    await holds('the new value', READY_S, () => environment().some(({ value }) => value === '500'));
    await scene.aggregatorReady(team);
  });

  await steps.step(
    'the aggregator of an upgrade has the history of the one before',
    () => holds('the run of train', READY_S, () => isThere('train')),
    losesHistory,
  );

  await steps.required('after helm uninstall labelled pods are made as they are', async () => {
    installation.uninstall();
    assert.equal(cluster.get('mutatingwebhookconfiguration', installation.release), undefined);
    cluster.apply(job(scene.inTeam('after'), scene.parts([{ name: 'app', program: burn(0.5) }])));
    await scene.completed(team, 'after');
    assert.equal(cluster.list('pod', team, 'app=after')[0].spec.initContainers, undefined);
  });

  await steps.step(
    'after helm uninstall history stays',
    async () => {
      // The roles of the release are gone with it; those of the namespace are not.
      scene.readAs(team, AGGREGATOR_NAME);
      await holds('the run of train', READY_S, () => isThere('train'));
      assert.match(scene.podometer.run('runs'), /train@1/);
    },
    losesHistory,
  );
}
