/** What the policy has to know of the cluster beside the pod itself. Pure data: injector/cluster gathers it. */
import type { V1LimitRangeSpec, V1ResourceQuota } from '@kubernetes/client-node';
import type { LabelSelector } from '../../protocol/metric-set.ts';

export interface ClusterFacts {
  /** Minor version of the API server: 36 for v1.36. */
  readonly serverMinor: number;
  readonly namespace: NamespaceFacts;
  /** The pod's controller, then that one's own, as far as they could be read in time. Empty for a bare pod. */
  readonly owners: readonly OwnerFacts[];
  /** The namespace's MetricSets, oldest first. */
  readonly metricSets: readonly MetricSetFacts[];
}

export interface NamespaceFacts {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly limitRanges: readonly V1LimitRangeSpec[];
  /** With their status, which says how much is used. */
  readonly quotas: readonly V1ResourceQuota[];
}

export interface OwnerFacts {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Empty for the object of a manifest, which is not made yet. */
  readonly uid: string;
  /** Undefined where the object itself was not read, and only its name is known. */
  readonly labels: Readonly<Record<string, string>> | undefined;
}

/** As the injector honours it. */
export interface MetricSetFacts {
  readonly name: string;
  readonly uid: string;
  /** Undefined: it is only taken by the pod's own annotation. */
  readonly selector: LabelSelector | undefined;
  /** As the agent reads them. */
  readonly metrics: string | undefined;
  readonly interval: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly measures: readonly string[] | undefined;
  /** What is not understood of it: where there is anything, nothing of it is used. */
  readonly problems: readonly string[];
}
