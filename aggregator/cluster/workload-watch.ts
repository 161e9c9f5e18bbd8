/** The Jobs and JobSets of the namespace: whether they have ended, and how. */
import {
  BatchV1Api,
  CustomObjectsApi,
  type KubeConfig,
  type KubernetesListObject,
} from '@kubernetes/client-node';
import type { Clock } from '../../lib/clock.ts';
import { answeredWithin } from '../../lib/cluster/api-access.ts';
import { pagedList } from '../../lib/cluster/paged-list.ts';
import { ResourceCache } from '../../lib/cluster/resource-cache.ts';
import type { Workload } from '../../protocol/run.ts';
import type { Workloads } from './run-ending.ts';
import { type EndedObject, type WorkloadFacts, workloadFacts } from './workload-facts.ts';

const LONGEST_LIST_MS = 30_000;
const JOB_SETS = { group: 'jobset.x-k8s.io', version: 'v1alpha2', plural: 'jobsets' };

export interface NamespaceWatchOptions {
  readonly cluster: KubeConfig;
  readonly clock: Clock;
  readonly namespace: string;
  readonly log: (message: string) => void;
  readonly firstRetryMs?: number;
}

export class WorkloadWatch implements Workloads {
  readonly #namespace: string;
  readonly #jobs: ResourceCache<WorkloadFacts>;
  readonly #jobSets: ResourceCache<WorkloadFacts>;

  /** Begins to follow at once. */
  constructor(options: NamespaceWatchOptions) {
    const { cluster, namespace } = options;
    const batch = cluster.makeApiClient(BatchV1Api);
    const custom = cluster.makeApiClient(CustomObjectsApi);
    const limit = answeredWithin(LONGEST_LIST_MS);
    const { group, version, plural } = JOB_SETS;
    this.#namespace = namespace;
    this.#jobs = new ResourceCache({
      ...options,
      path: `/apis/batch/v1/namespaces/${namespace}/jobs`,
      list: () => pagedList((page) => batch.listNamespacedJob({ namespace, ...page }, limit), workloadFacts),
      keep: workloadFacts,
    });
    this.#jobSets = new ResourceCache({
      ...options,
      path: `/apis/${group}/${version}/namespaces/${namespace}/${plural}`,
      list: () =>
        pagedList(
          (page): Promise<KubernetesListObject<EndedObject>> =>
            custom.listNamespacedCustomObject({ namespace, ...JOB_SETS, ...page }, limit),
          workloadFacts,
        ),
      keep: workloadFacts,
      mayBeAbsent: true,
    });
  }

  knows(kind: Workload['kind']): boolean {
    return this.#jobs.isSynced && (kind !== 'JobSet' || this.#jobSets.isSynced);
  }

  job(uid: string): WorkloadFacts | undefined {
    return this.#find(this.#jobs, uid);
  }

  jobSet(uid: string): WorkloadFacts | undefined {
    return this.#find(this.#jobSets, uid);
  }

  async close(): Promise<void> {
    await Promise.all([this.#jobs.close(), this.#jobSets.close()]);
  }

  #find(cache: ResourceCache<WorkloadFacts>, uid: string): WorkloadFacts | undefined {
    return cache.inNamespace(this.#namespace).find(({ metadata }) => metadata?.uid === uid);
  }
}
