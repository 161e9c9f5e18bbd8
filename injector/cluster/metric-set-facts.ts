/** A MetricSet as it stands in the cluster, which may have been written before the API server knew its rules. */
import type { KubernetesObject } from '@kubernetes/client-node';
import type { MetricSetSpec, MetricSetStatus } from '../../protocol/metric-set.ts';
import { metricSetProblems } from '../../protocol/metric-set-rules.ts';
import type { MetricSetFacts } from '../inject/facts.ts';

export interface MetricSetObject extends KubernetesObject {
  readonly spec?: unknown;
  readonly status?: MetricSetStatus;
}

/** Objects of the cache are replaced and never changed. */
const known = new WeakMap<MetricSetObject, MetricSetFacts>();

export function metricSetFacts(object: MetricSetObject): MetricSetFacts {
  const before = known.get(object);
  if (before !== undefined) return before;
  const facts = readFacts(object);
  known.set(object, facts);
  return facts;
}

function readFacts({ metadata, spec }: MetricSetObject): MetricSetFacts {
  const problems = metricSetProblems(spec);
  const sound = problems.length === 0 ? (spec as MetricSetSpec) : {};
  return {
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    selector: sound.selector,
    metrics: sampledMetrics(sound),
    interval: sound.interval,
    tags: sound.tags ?? {},
    measures: sound.measures,
    problems,
  };
}

/** As the agent reads them. What has a tool is measured in pods of its own, which the controller makes. */
export function sampledMetrics({ metrics = [] }: MetricSetSpec): string | undefined {
  const sampled = metrics.filter(({ tool }) => tool === undefined);
  if (sampled.length === 0) return undefined;
  return sampled
    .map(({ name, without = [] }) => [name, ...without.map((part) => `${part}=off`)].join(':'))
    .join(',');
}

/** Oldest first; of those made in the same second, by name. */
export function byAge(a: KubernetesObject, b: KubernetesObject): number {
  return madeAtMs(a) - madeAtMs(b) || (a.metadata?.name ?? '').localeCompare(b.metadata?.name ?? '');
}

function madeAtMs({ metadata }: KubernetesObject): number {
  return new Date(metadata?.creationTimestamp ?? 0).getTime();
}
