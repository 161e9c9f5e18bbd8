/** Follows the cluster while it leads, and keeps an aggregator in each namespace that needs one. */
import {
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  StorageV1Api,
  type V1Namespace,
  type V1Pod,
  type V1StatefulSet,
  type V1StorageClass,
} from '@kubernetes/client-node';
import type { Clock } from '../../lib/clock.ts';
import { answeredWithin, retryAfterMs } from '../../lib/cluster/api-access.ts';
import { ResourceCache, type ResourceCacheOptions } from '../../lib/cluster/resource-cache.ts';
import { stopped } from '../../lib/stopped.ts';
import { METRIC_SET_API } from '../../protocol/metric-set.ts';
import { AGGREGATOR_NAME, PROFILE_LABEL } from '../../protocol/names.ts';
import type { MetricSetObject } from '../cluster/metric-set-facts.ts';
import { type ParticipationSettings, takesPart } from '../inject/decide.ts';
import { type AggregatorCertificates, Aggregators } from './aggregators.ts';
import { ClusterWriter } from './cluster-writer.ts';
import { LABEL_SELECTOR } from './objects/names.ts';
import type { AggregatorSettings } from './settings.ts';
import { WorkQueue } from './work-queue.ts';

const LONGEST_LIST_MS = 30_000;
/** What nobody follows (a Service, a Role) is put right after this at the latest; certificates are looked at. */
const RESYNC_MS = 600_000;
/** How often it is asked whether everything was listed once. */
const LOOK_MS = 100;
const LABELLED = `${PROFILE_LABEL}=true`;

export interface ControllerOptions {
  readonly cluster: KubeConfig;
  readonly clock: Clock;
  readonly participation: ParticipationSettings;
  readonly aggregators: AggregatorSettings;
  readonly certificates: AggregatorCertificates | undefined;
  /** Of Podometer. */
  readonly version: string;
  readonly log: (message: string) => void;
  readonly resyncMs?: number;
  readonly firstRetryMs?: number;
}

/** Works until `ended` is aborted. */
export async function runController(options: ControllerOptions, ended: AbortSignal): Promise<void> {
  const controller = new Controller(options);
  await stopped(ended);
  await controller.close();
}

class Controller {
  readonly #options: ControllerOptions;
  readonly #aggregators: Aggregators;
  readonly #queue: WorkQueue;
  readonly #namespaces: ResourceCache<V1Namespace>;
  readonly #pods: ResourceCache<V1Pod>;
  readonly #metricSets: ResourceCache<MetricSetObject>;
  readonly #statefulSets: ResourceCache<V1StatefulSet>;
  readonly #classes: ResourceCache<V1StorageClass>;
  readonly #resync: NodeJS.Timeout;
  readonly #start: NodeJS.Timeout;
  /** Namespaces whose objects somebody may have changed, so that they are applied although nothing new is wanted. */
  readonly #suspect = new Set<string>();
  #isReady = false;

  constructor(options: ControllerOptions) {
    const { cluster, log, resyncMs = RESYNC_MS, firstRetryMs } = options;
    this.#options = options;
    this.#aggregators = new Aggregators({
      ...options,
      settings: options.aggregators,
      writer: new ClusterWriter(cluster),
    });
    this.#queue = new WorkQueue({
      work: (namespace) => this.#work(namespace),
      failed: (namespace, error, retryMs) => {
        const reason = (error as Error).message.split('\n', 1)[0];
        log(`the aggregator of ${namespace} is not as it should be: ${reason}; again in ${retryMs / 1000} s`);
        return retryAfterMs(error);
      },
      ...(firstRetryMs !== undefined && { firstRetryMs, restMs: firstRetryMs }),
    });
    const inNamespace = ({ metadata }: KubernetesObject): void => this.#queue.add(metadata?.namespace ?? '');
    const [core, apps] = [cluster.makeApiClient(CoreV1Api), cluster.makeApiClient(AppsV1Api)];
    const limit = answeredWithin(LONGEST_LIST_MS);
    this.#namespaces = this.#follow('/api/v1/namespaces', () => core.listNamespace({}, limit), {
      onChange: ({ metadata }) => this.#queue.add(metadata?.name ?? ''),
    });
    this.#pods = this.#follow(
      '/api/v1/pods',
      () => core.listPodForAllNamespaces({ labelSelector: LABELLED }, limit),
      { labelSelector: LABELLED, onChange: inNamespace },
    );
    this.#metricSets = this.#follow(
      `/apis/${METRIC_SET_API.group}/${METRIC_SET_API.version}/${METRIC_SET_API.plural}`,
      (): Promise<KubernetesListObject<MetricSetObject>> =>
        cluster
          .makeApiClient(CustomObjectsApi)
          .listCustomObjectForAllNamespaces(
            { ...METRIC_SET_API, resourcePlural: METRIC_SET_API.plural },
            limit,
          ),
      { onChange: inNamespace, mayBeAbsent: true },
    );
    this.#statefulSets = this.#follow(
      '/apis/apps/v1/statefulsets',
      () => apps.listStatefulSetForAllNamespaces({ labelSelector: LABEL_SELECTOR }, limit),
      {
        labelSelector: LABEL_SELECTOR,
        onChange: (statefulSet) => {
          this.#suspect.add(statefulSet.metadata?.namespace ?? '');
          inNamespace(statefulSet);
        },
      },
    );
    this.#classes = this.#follow(
      '/apis/storage.k8s.io/v1/storageclasses',
      () => cluster.makeApiClient(StorageV1Api).listStorageClass({}, limit),
      { onChange: () => this.#all() },
    );
    this.#resync = setInterval(() => {
      for (const { metadata } of this.#namespaces.all()) this.#suspect.add(metadata?.name ?? '');
      this.#all();
    }, resyncMs).unref();
    this.#start = setInterval(() => this.#begin(), LOOK_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#resync);
    clearInterval(this.#start);
    await Promise.all(this.#caches.map((cache) => cache.close()));
    await this.#queue.close();
  }

  get #caches(): readonly Pick<ResourceCache<KubernetesObject>, 'isSynced' | 'close'>[] {
    return [this.#namespaces, this.#pods, this.#metricSets, this.#statefulSets, this.#classes];
  }

  #follow<T extends KubernetesObject>(
    path: string,
    list: () => Promise<KubernetesListObject<T>>,
    more: Pick<ResourceCacheOptions<T>, 'labelSelector' | 'onChange' | 'mayBeAbsent'>,
  ): ResourceCache<T> {
    const { cluster, clock, log, firstRetryMs } = this.#options;
    const retry = firstRetryMs !== undefined && { firstRetryMs };
    return new ResourceCache<T>({ cluster, clock, log, path, list, ...more, ...retry });
  }

  /** What came first of several lists says nothing of the others yet. */
  #begin(): void {
    if (!this.#caches.every((cache) => cache.isSynced)) return;
    clearInterval(this.#start);
    this.#isReady = true;
    this.#all();
  }

  #all(): void {
    for (const { metadata } of this.#namespaces.all()) this.#queue.add(metadata?.name ?? '');
  }

  async #work(name: string): Promise<void> {
    if (!this.#isReady) return;
    const namespace = this.#namespaces.get(name);
    if (namespace === undefined || namespace.metadata?.deletionTimestamp !== undefined) return;
    const statefulSet = this.#statefulSets.get(AGGREGATOR_NAME, name);
    const pods = this.#pods.inNamespace(name);
    const { labels = {} } = namespace.metadata ?? {};
    const isWanted =
      takesPart({ name, labels }, this.#options.participation) &&
      (pods.length > 0 || this.#metricSets.inNamespace(name).length > 0);
    // One that is there belongs to its namespace, whoever else is gone.
    if (!isWanted && statefulSet === undefined) return;
    const isSuspect = this.#suspect.delete(name);
    const view = { namespace, pods, statefulSet, classes: this.#classes.all(), isSuspect };
    await this.#aggregators.reconcile(view);
  }
}
