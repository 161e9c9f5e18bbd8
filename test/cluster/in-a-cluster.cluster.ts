/**
 * Podometer as people use it, on the cluster that KUBECONFIG names, with the image that PODOMETER_IMAGE names; no other is
 * pulled. Everything that it makes has a name of its own and is removed again; what could not be tested here is printed.
 */
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Cluster } from './cluster.ts';
import { clusterPrograms } from './cluster-programs.ts';
import { installing } from './installing.ts';
import { measuredWorkloads } from './measured-workloads.ts';
import { reading } from './reading.ts';
import { Scene } from './scene.ts';
import { Steps } from './steps.ts';
import { surviving } from './surviving.ts';

const { KUBECONFIG, PODOMETER_IMAGE: image = '' } = process.env;
const missing = [KUBECONFIG === undefined && 'KUBECONFIG', image === '' && 'PODOMETER_IMAGE'].filter(Boolean);
const skip = missing.length > 0 && `names no cluster to test: set ${missing.join(' and ')}`;

test('Podometer in a cluster', { skip, timeout: 2_100_000 }, async (t) => {
  const steps = new Steps(t);
  const cluster = new Cluster(clusterPrograms());
  const scene = new Scene({ cluster, image, suffix: randomBytes(3).toString('hex'), steps });
  t.after(async () => {
    steps.tell();
    const left = await scene.remove();
    if (left !== undefined) t.diagnostic(`not removed: ${left}`);
  });
  scene.withoutDisks = await scene.disks.make(['team', 'restricted', 'baseline', 'bench']);
  await installing(scene);
  await measuredWorkloads(scene);
  await reading(scene);
  await surviving(scene);
});
