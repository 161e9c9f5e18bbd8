/** What is made in the cluster for one run of storage metrics: claims, and Jobs or one JobSet. */
import type {
  KubernetesObject,
  V1JobSpec,
  V1ObjectMeta,
  V1PersistentVolumeClaim,
} from '@kubernetes/client-node';
import { METRIC_SET_API } from '../../../protocol/metric-set.ts';
import { annotations } from '../../../protocol/names.ts';
import { type PodImage, storagePod } from './storage-pod.ts';
import {
  claimName,
  metricsOfRun,
  type RunPlace,
  runId,
  type StorageMetric,
  type StorageSet,
  stemOf,
  storageLabels,
} from './storage-set.ts';

export const JOB_SET_API = {
  group: 'jobset.x-k8s.io',
  version: 'v1alpha2',
  kind: 'JobSet',
  plural: 'jobsets',
} as const;

export type Workload = KubernetesObject & { readonly spec: object };

/** The controller takes them away by itself, soon after their run; this is for when it is no longer there. */
const TTL_SECONDS = 86_400;

/** The claims that the templates of a run ask for. */
export function runClaims(set: StorageSet, place: RunPlace): V1PersistentVolumeClaim[] {
  return metricsOfRun(set.spec, place).flatMap((metric) => claimOf(set, place, metric) ?? []);
}

/**
 * Jobs, or one JobSet. `claims`: those that the templates came to; one that was kept may be of an older template.
 * `hasJobSets`: whether several metrics can be put into one JobSet.
 */
export function runWorkloads(
  set: StorageSet,
  place: RunPlace,
  claims: readonly V1PersistentVolumeClaim[],
  image: PodImage,
  hasJobSets: boolean,
): Workload[] {
  const metrics = metricsOfRun(set.spec, place);
  const job = (metric: StorageMetric): V1JobSpec => jobSpec(set, place, metric, claims, image);
  const name = `${stemOf(set)}-${place.number}`;
  if (metrics.length > 1 && hasJobSets) return [jobSet(set, place, name, metrics, job)];
  return metrics.map((metric) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadataOf(set, place, metrics.length === 1 ? name : `${name}-${metric.key}`),
    spec: { ...job(metric), ttlSecondsAfterFinished: TTL_SECONDS },
  }));
}

function jobSpec(
  set: StorageSet,
  place: RunPlace,
  metric: StorageMetric,
  claims: readonly V1PersistentVolumeClaim[],
  image: PodImage,
): V1JobSpec {
  const name = claimName(set, place, metric);
  const claim = claims.find(({ metadata }) => metadata?.name === name);
  const { completions = 1, parallelism = completions } = metric;
  return {
    completionMode: 'Indexed',
    completions,
    parallelism,
    backoffLimit: 0,
    template: storagePod(set, place, metric, claim, image),
  };
}

function jobSet(
  set: StorageSet,
  place: RunPlace,
  name: string,
  metrics: readonly StorageMetric[],
  job: (metric: StorageMetric) => V1JobSpec,
): Workload {
  return {
    apiVersion: `${JOB_SET_API.group}/${JOB_SET_API.version}`,
    kind: JOB_SET_API.kind,
    metadata: metadataOf(set, place, name),
    spec: {
      failurePolicy: { maxRestarts: 0 },
      ttlSecondsAfterFinished: TTL_SECONDS,
      replicatedJobs: metrics.map((metric) => ({
        name: metric.key,
        replicas: 1,
        template: { metadata: { labels: storageLabels(set, place.number) }, spec: job(metric) },
      })),
    },
  };
}

function claimOf(
  set: StorageSet,
  place: RunPlace,
  metric: StorageMetric,
): V1PersistentVolumeClaim | undefined {
  const template = metric.volume.claimTemplate;
  if (template === undefined) return undefined;
  const { storageClassName, size, accessModes = ['ReadWriteOnce'], keep = false } = template;
  const name = claimName(set, place, metric);
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    // A claim that is kept outlives its MetricSet, too.
    metadata: keep
      ? {
          name,
          namespace: set.namespace,
          labels: storageLabels(set, undefined),
          annotations: { [annotations.metricSet]: set.name },
        }
      : metadataOf(set, place, name),
    spec: {
      accessModes,
      ...(storageClassName !== undefined && { storageClassName }),
      resources: { requests: { storage: size } },
    },
  };
}

function metadataOf(set: StorageSet, { number }: RunPlace, name: string): V1ObjectMeta {
  const { group, version, kind } = METRIC_SET_API;
  return {
    name,
    namespace: set.namespace,
    labels: storageLabels(set, number),
    annotations: { [annotations.metricSet]: set.name, [annotations.run]: runId(set, number) },
    ownerReferences: [
      {
        apiVersion: `${group}/${version}`,
        kind,
        name: set.name,
        uid: set.uid,
        controller: true,
      },
    ],
  };
}
