/** The kubectl and the helm that the cluster is reached with. */
import { spawnSync } from 'node:child_process';
import { type ClusterPrograms, findPrograms } from '../charts/programs.ts';

/** Those that the chart's tests use; where they cannot be fetched, those of the machine. Throws where there are none. */
export function clusterPrograms(): ClusterPrograms {
  try {
    return findPrograms();
  } catch (error) {
    const own = { kubectl: 'kubectl', helm: 'helm' };
    const areThere = Object.values(own).every((name) => spawnSync(name, ['version']).error === undefined);
    if (areThere) return own;
    throw error;
  }
}
