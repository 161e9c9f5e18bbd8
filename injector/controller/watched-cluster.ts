/** What the controller follows of the cluster, and whom it tells of changes. */
import {
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  StorageV1Api,
  type V1Job,
  type V1Namespace,
  type V1Pod,
  type V1StatefulSet,
  type V1StorageClass,
} from '@kubernetes/client-node';
import type { Clock } from '../../lib/clock.ts';
import { answeredWithin } from '../../lib/cluster/api-access.ts';
import { pagedList } from '../../lib/cluster/paged-list.ts';
import { ResourceCache, type ResourceCacheOptions } from '../../lib/cluster/resource-cache.ts';
import { METRIC_SET_API } from '../../protocol/metric-set.ts';
import { INJECTED_ANNOTATION, METRIC_SET_UID_LABEL, PROFILE_LABEL } from '../../protocol/names.ts';
import type { MetricSetObject } from '../cluster/metric-set-facts.ts';
import { JOB_SET_API } from './metric-sets/storage-objects.ts';
import { LABEL_SELECTOR } from './objects/names.ts';

const LONGEST_LIST_MS = 30_000;
const LABELLED = `${PROFILE_LABEL}=true`;

export interface WatchedClusterOptions {
  readonly cluster: KubeConfig;
  readonly clock: Clock;
  readonly log: (message: string) => void;
  readonly firstRetryMs?: number;
}

export interface ChangeHandlers {
  readonly onNamespace: (name: string) => void;
  readonly onPod: (namespace: string) => void;
  readonly onMetricSet: (namespace: string) => void;
  /** Of a Job or a JobSet that was made for a MetricSet. */
  readonly onMade: (namespace: string, metricSetUid: string) => void;
  readonly onStatefulSet: (namespace: string) => void;
  readonly onClass: () => void;
}

interface Followed<T extends KubernetesObject> {
  readonly path: string;
  readonly list: () => Promise<KubernetesListObject<T>>;
  readonly onChange: (object: T) => void;
  readonly more?: Pick<ResourceCacheOptions<T>, 'labelSelector' | 'keep' | 'mayBeAbsent'>;
}

export class WatchedCluster {
  readonly namespaces: ResourceCache<V1Namespace>;
  /** Those that ask to be measured. Of one that has the agent nobody looks at the spec again: it is left out. */
  readonly pods: ResourceCache<V1Pod>;
  readonly metricSets: ResourceCache<MetricSetObject>;
  /** Aggregators. */
  readonly statefulSets: ResourceCache<V1StatefulSet>;
  readonly classes: ResourceCache<V1StorageClass>;
  readonly #options: WatchedClusterOptions;
  readonly #all: readonly Pick<ResourceCache<KubernetesObject>, 'isSynced' | 'close'>[];

  /** Begins to follow at once. */
  constructor(options: WatchedClusterOptions, on: ChangeHandlers) {
    this.#options = options;
    const { cluster } = options;
    const [core, apps] = [cluster.makeApiClient(CoreV1Api), cluster.makeApiClient(AppsV1Api)];
    const limit = answeredWithin(LONGEST_LIST_MS);
    this.namespaces = this.#follow({
      path: '/api/v1/namespaces',
      list: () => core.listNamespace({}, limit),
      onChange: ({ metadata }) => on.onNamespace(metadata?.name ?? ''),
    });
    this.pods = this.#follow({
      path: '/api/v1/pods',
      list: () =>
        pagedList(
          (page) => core.listPodForAllNamespaces({ labelSelector: LABELLED, ...page }, limit),
          keptOfPod,
        ),
      onChange: (pod) => on.onPod(namespaceOf(pod)),
      more: { labelSelector: LABELLED, keep: keptOfPod },
    });
    this.metricSets = this.#follow({
      path: pathOf(METRIC_SET_API),
      list: () => this.#listCustom<MetricSetObject>(METRIC_SET_API),
      onChange: (set) => on.onMetricSet(namespaceOf(set)),
      more: { mayBeAbsent: true },
    });
    this.statefulSets = this.#follow({
      path: '/apis/apps/v1/statefulsets',
      list: () => apps.listStatefulSetForAllNamespaces({ labelSelector: LABEL_SELECTOR }, limit),
      onChange: (statefulSet) => on.onStatefulSet(namespaceOf(statefulSet)),
      more: { labelSelector: LABEL_SELECTOR },
    });
    this.classes = this.#follow({
      path: '/apis/storage.k8s.io/v1/storageclasses',
      list: () => cluster.makeApiClient(StorageV1Api).listStorageClass({}, limit),
      onChange: () => on.onClass(),
    });
    const made = this.#followMade(on);
    this.#all = [this.namespaces, this.pods, this.metricSets, this.statefulSets, this.classes, ...made];
  }

  /** Whether everything was listed once: what came first of several lists says nothing of the others. */
  get isSynced(): boolean {
    return this.#all.every((cache) => cache.isSynced);
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((cache) => cache.close()));
  }

  /** What is made for MetricSets: nothing of it is read here, its changes are what counts. */
  #followMade({ onMade }: ChangeHandlers): ResourceCache<KubernetesObject>[] {
    const batch = this.#options.cluster.makeApiClient(BatchV1Api);
    const labelSelector = METRIC_SET_UID_LABEL;
    const onChange = (object: KubernetesObject): void =>
      onMade(namespaceOf(object), object.metadata?.labels?.[METRIC_SET_UID_LABEL] ?? '');
    const jobs: Followed<V1Job> = {
      path: '/apis/batch/v1/jobs',
      list: () => batch.listJobForAllNamespaces({ labelSelector }, answeredWithin(LONGEST_LIST_MS)),
      onChange,
      more: { labelSelector },
    };
    const jobSets: Followed<KubernetesObject> = {
      path: pathOf(JOB_SET_API),
      list: () => this.#listCustom(JOB_SET_API, labelSelector),
      onChange,
      more: { labelSelector, mayBeAbsent: true },
    };
    return [this.#follow(jobs), this.#follow(jobSets)];
  }

  #follow<T extends KubernetesObject>({ more, ...followed }: Followed<T>): ResourceCache<T> {
    const { cluster, clock, log, firstRetryMs } = this.#options;
    const retry = firstRetryMs !== undefined && { firstRetryMs };
    return new ResourceCache<T>({ cluster, clock, log, ...followed, ...more, ...retry });
  }

  #listCustom<T extends KubernetesObject>(
    { group, version, plural }: CustomApi,
    labelSelector?: string,
  ): Promise<KubernetesListObject<T>> {
    const selected = labelSelector !== undefined && { labelSelector };
    return this.#options.cluster
      .makeApiClient(CustomObjectsApi)
      .listCustomObjectForAllNamespaces(
        { group, version, resourcePlural: plural, ...selected },
        answeredWithin(LONGEST_LIST_MS),
      );
  }
}

interface CustomApi {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

function pathOf({ group, version, plural }: CustomApi): string {
  return `/apis/${group}/${version}/${plural}`;
}

function namespaceOf({ metadata }: KubernetesObject): string {
  return metadata?.namespace ?? '';
}

function keptOfPod(pod: V1Pod): V1Pod {
  const { spec, ...rest } = pod;
  const { managedFields: _, ...metadata } = pod.metadata ?? {};
  const isInjected = metadata.annotations?.[INJECTED_ANNOTATION] !== undefined;
  return { ...rest, metadata, ...(!isInjected && spec !== undefined && { spec }) };
}
