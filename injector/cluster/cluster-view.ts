/** What the policy has to know of the cluster, from caches that follow it: a review costs no request to the API server. */
import {
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  type KubernetesListObject,
  type V1LimitRange,
  type V1LimitRangeItem,
  type V1LimitRangeSpec,
  type V1Namespace,
  type V1ResourceQuota,
} from '@kubernetes/client-node';
import type { Clock } from '../../lib/clock.ts';
import { answeredWithin } from '../../lib/cluster/api-access.ts';
import { CachedReads } from '../../lib/cluster/cached-reads.ts';
import { ResourceCache } from '../../lib/cluster/resource-cache.ts';
import { METRIC_SET_API } from '../../protocol/metric-set.ts';
import { PROFILE_LABEL } from '../../protocol/names.ts';
import type { ClusterFacts, MetricSetFacts } from '../inject/facts.ts';
import type { FactsSource } from '../webhook/admitter.ts';
import type { AdmissionRequest } from '../webhook/review.ts';
import { byAge, type MetricSetObject, metricSetFacts } from './metric-set-facts.ts';
import { OwnerLookup } from './owner-lookup.ts';
import { ServerVersion } from './server-version.ts';

const LONGEST_LIST_MS = 30_000;
const LONGEST_READ_MS = 10_000;
/** A namespace is read only until the cache has it. */
const NEW_NAMESPACES = { most: 1000, keepMs: 30_000, keepFailureMs: 1000 };

export interface ClusterViewOptions {
  readonly cluster: KubeConfig;
  readonly clock: Clock;
  /** How long a review may wait for the API server to tell a pod's owners. */
  readonly lookupMs: number;
  readonly log: (message: string) => void;
  readonly firstRetryMs?: number;
}

export class ClusterView implements FactsSource {
  readonly #options: ClusterViewOptions;
  readonly #core: CoreV1Api;
  readonly #version: ServerVersion;
  readonly #owners: OwnerLookup;
  readonly #namespaces: ResourceCache<V1Namespace>;
  readonly #newNamespaces: CachedReads<V1Namespace>;
  readonly #limitRanges: ResourceCache<V1LimitRange>;
  readonly #quotas: ResourceCache<V1ResourceQuota>;
  readonly #metricSets: ResourceCache<MetricSetObject>;

  /** Begins to follow the cluster at once. */
  constructor(options: ClusterViewOptions) {
    const { cluster, clock } = options;
    const core = cluster.makeApiClient(CoreV1Api);
    const custom = cluster.makeApiClient(CustomObjectsApi);
    const limit = answeredWithin(LONGEST_LIST_MS);
    this.#options = options;
    this.#core = core;
    this.#version = new ServerVersion(cluster);
    this.#owners = new OwnerLookup(cluster, clock);
    this.#newNamespaces = new CachedReads({ clock, ...NEW_NAMESPACES });
    this.#namespaces = new ResourceCache({
      ...options,
      path: '/api/v1/namespaces',
      list: () => core.listNamespace({}, limit),
    });
    this.#limitRanges = new ResourceCache({
      ...options,
      path: '/api/v1/limitranges',
      list: () => core.listLimitRangeForAllNamespaces({}, limit),
    });
    this.#quotas = new ResourceCache({
      ...options,
      path: '/api/v1/resourcequotas',
      list: () => core.listResourceQuotaForAllNamespaces({}, limit),
    });
    this.#metricSets = new ResourceCache<MetricSetObject>({
      ...options,
      path: `/apis/${METRIC_SET_API.group}/${METRIC_SET_API.version}/${METRIC_SET_API.plural}`,
      list: (): Promise<KubernetesListObject<MetricSetObject>> =>
        custom.listCustomObjectForAllNamespaces(
          { ...METRIC_SET_API, resourcePlural: METRIC_SET_API.plural },
          limit,
        ),
      mayBeAbsent: true,
    });
  }

  /** What of the cluster is not known yet; empty: nothing. */
  missing(): string[] {
    const known: readonly (readonly [string, boolean])[] = [
      ["the API server's version", this.#version.minor !== undefined],
      ['namespaces', this.#namespaces.isSynced],
      ['limitranges', this.#limitRanges.isSynced],
      ['resourcequotas', this.#quotas.isSynced],
      ['metricsets', this.#metricSets.isSynced],
    ];
    return known.flatMap(([what, isKnown]) => (isKnown ? [] : `${what}: not read yet`));
  }

  async gather({ namespace, pod }: AdmissionRequest, deadlineMs: number): Promise<ClusterFacts | undefined> {
    const serverMinor = this.#version.minor;
    if (serverMinor === undefined || this.missing().length > 0) return undefined;
    const found = this.#namespaces.get(namespace) ?? (await this.#newNamespace(namespace, deadlineMs));
    if (found === undefined) return undefined;
    return {
      serverMinor,
      namespace: {
        name: namespace,
        labels: found.metadata?.labels ?? {},
        limitRanges: this.#limitRanges.inNamespace(namespace).map(limitRangeSpec),
        quotas: this.#quotas.inNamespace(namespace),
      },
      owners:
        pod.metadata?.labels?.[PROFILE_LABEL] === 'true'
          ? await this.#owners.owners(namespace, pod.metadata.ownerReferences, this.#waitMs(deadlineMs))
          : [],
      metricSets: this.metricSets(namespace),
    };
  }

  /** The namespace's, oldest first. */
  metricSets(namespace: string): readonly MetricSetFacts[] {
    return this.#metricSets.inNamespace(namespace).toSorted(byAge).map(metricSetFacts);
  }

  async close(): Promise<void> {
    this.#version.close();
    await Promise.all(
      [this.#namespaces, this.#limitRanges, this.#quotas, this.#metricSets].map((cache) => cache.close()),
    );
  }

  /** One that was made a moment ago, with pods right behind it. */
  #newNamespace(name: string, deadlineMs: number): Promise<V1Namespace | undefined> {
    return this.#newNamespaces.get(name, this.#waitMs(deadlineMs), () =>
      this.#core.readNamespace({ name }, answeredWithin(LONGEST_READ_MS)),
    );
  }

  #waitMs(deadlineMs: number): number {
    const { clock, lookupMs } = this.#options;
    return Math.min(lookupMs, deadlineMs - clock.monotonicMs());
  }
}

/** The library spells a limit's `default` as `_default` in what it lists, and leaves it in what it watches. */
function limitRangeSpec({ spec }: V1LimitRange): V1LimitRangeSpec {
  const limits = (spec?.limits ?? []) as readonly (V1LimitRangeItem & { default?: Record<string, string> })[];
  return {
    limits: limits.map(({ default: fallback, ...limit }) =>
      fallback === undefined ? limit : { ...limit, _default: fallback },
    ),
  };
}
