/** A MetricSet as it stands in the cluster, which may have been written by another version: what is not understood is left out. */
import type { KubernetesObject } from '@kubernetes/client-node';
import type { MetricSetFacts } from '../inject/facts.ts';

export const METRIC_SET_API = {
  group: 'podometer.dev',
  version: 'v1alpha1',
  resourcePlural: 'metricsets',
} as const;

export interface MetricSetObject extends KubernetesObject {
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly metrics?: readonly (string | { readonly name?: string })[];
    readonly interval?: string;
  };
}

export function metricSetFacts({ metadata, spec }: MetricSetObject): MetricSetFacts {
  const metrics = spec?.metrics ?? [];
  return {
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    matchLabels: spec?.selector?.matchLabels,
    metrics: metrics.flatMap((metric) => (typeof metric === 'string' ? metric : (metric.name ?? []))),
    interval: spec?.interval,
  };
}

/** Oldest first; of those made in the same second, by name. */
export function byAge(a: KubernetesObject, b: KubernetesObject): number {
  return madeAtMs(a) - madeAtMs(b) || (a.metadata?.name ?? '').localeCompare(b.metadata?.name ?? '');
}

function madeAtMs({ metadata }: KubernetesObject): number {
  return new Date(metadata?.creationTimestamp ?? 0).getTime();
}
