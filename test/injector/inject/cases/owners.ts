/** To which workload and run pods of every kind belong. */
import type { OwnerFacts } from '../../../../injector/inject/facts.ts';
import { type InjectionCase, podWith } from '../injection-case.ts';

function owner(apiVersion: string, kind: string, name: string, fields: Partial<OwnerFacts> = {}): OwnerFacts {
  return { apiVersion, kind, name, uid: `uid-of-${name}`, labels: undefined, ...fields };
}

const NOT_YET = { uid: '' };
const READ = { labels: {} };

export const ownerCases: readonly InjectionCase[] = [
  { name: 'a bare pod is its own run', pod: podWith() },
  { name: 'bare pods of a generated name are one workload', pod: podWith({}, { generateName: 'solver-' }) },
  {
    name: 'a Deployment by the hash in its ReplicaSet’s name',
    pod: podWith({}, { generateName: 'web-5c788ff7b4-', labels: { 'pod-template-hash': '5c788ff7b4' } }),
    owners: [owner('apps/v1', 'ReplicaSet', 'web-5c788ff7b4')],
  },
  {
    name: 'a Deployment that was read',
    pod: podWith({}, { labels: { 'pod-template-hash': 'other' } }),
    owners: [owner('apps/v1', 'ReplicaSet', 'web-5c788ff7b4', READ), owner('apps/v1', 'Deployment', 'web')],
  },
  {
    name: 'a ReplicaSet of nobody',
    pod: podWith({}, { labels: { 'pod-template-hash': '5c788ff7b4' } }),
    owners: [owner('apps/v1', 'ReplicaSet', 'web-5c788ff7b4', READ)],
  },
  {
    name: 'a ReplicaSet of a Rollout',
    pod: podWith(),
    owners: [
      owner('apps/v1', 'ReplicaSet', 'web-79f', READ),
      owner('argoproj.io/v1alpha1', 'Rollout', 'web'),
    ],
  },
  {
    name: 'a StatefulSet’s revision and ordinal',
    pod: podWith({}, { name: 'db-2', labels: { 'controller-revision-hash': 'db-6c5b8f' } }),
    owners: [owner('apps/v1', 'StatefulSet', 'db')],
  },
  {
    name: 'a DaemonSet’s revision',
    pod: podWith({}, { labels: { 'controller-revision-hash': '757774d975' } }),
    owners: [owner('apps/v1', 'DaemonSet', 'probe')],
  },
  {
    name: 'an Indexed Job’s member by its completion index',
    pod: podWith({}, { annotations: { 'batch.kubernetes.io/job-completion-index': '3' } }),
    owners: [owner('batch/v1', 'Job', 'train', READ)],
  },
  {
    name: 'a CronJob by its Job’s owner',
    pod: podWith(),
    owners: [owner('batch/v1', 'Job', 'nightly-by-hand', READ), owner('batch/v1', 'CronJob', 'nightly')],
  },
  {
    name: 'a CronJob by the minute in its Job’s name where the Job was not read',
    pod: podWith(),
    owners: [owner('batch/v1', 'Job', 'nightly-29923970')],
  },
  {
    name: 'a Job named after a day is no CronJob’s',
    pod: podWith(),
    owners: [owner('batch/v1', 'Job', 'import-20261123')],
  },
  {
    name: 'a Job that was read and has no owner is no CronJob’s whatever its name',
    pod: podWith(),
    owners: [owner('batch/v1', 'Job', 'nightly-29923970', READ)],
  },
  {
    name: 'a JobSet by its labels, ranked within its one job',
    pod: podWith(
      {},
      {
        labels: {
          'jobset.sigs.k8s.io/jobset-name': 'llm',
          'jobset.sigs.k8s.io/jobset-uid': 'uid-of-llm',
          'jobset.sigs.k8s.io/replicatedjob-name': 'workers',
          'jobset.sigs.k8s.io/replicatedjob-replicas': '1',
          'jobset.sigs.k8s.io/job-index': '0',
          'batch.kubernetes.io/job-completion-index': '5',
        },
      },
    ),
    owners: [owner('batch/v1', 'Job', 'llm-workers-0')],
  },
  {
    name: 'a JobSet of many jobs, ranked by the job',
    pod: podWith(
      {},
      {
        labels: {
          'jobset.sigs.k8s.io/jobset-name': 'llm',
          'jobset.sigs.k8s.io/replicatedjob-replicas': '4',
          'jobset.sigs.k8s.io/job-index': '2',
          'jobset.sigs.k8s.io/job-global-index': '6',
          'batch.kubernetes.io/job-completion-index': '0',
        },
      },
    ),
    owners: [
      owner('batch/v1', 'Job', 'llm-workers-2', READ),
      owner('jobset.x-k8s.io/v1alpha2', 'JobSet', 'llm'),
    ],
  },
  {
    name: 'an unknown controller by kind and name',
    pod: podWith({}, { annotations: { 'podometer.dev/tags': 'controller=mine' } }),
    owners: [owner('batch.volcano.sh/v1alpha1', 'Job', 'train')],
  },
  {
    name: 'a pod that measures a volume for its MetricSet, whatever Job made it',
    pod: podWith(
      {},
      {
        labels: { 'podometer.dev/metric-set-uid': 'uid-of-set' },
        annotations: {
          'podometer.dev/metric-set': 'fast-ssd',
          'podometer.dev/run': 'uid-of-set.3',
          'podometer.dev/measures': 'fio.*',
          'batch.kubernetes.io/job-completion-index': '1',
        },
      },
    ),
    owners: [owner('batch/v1', 'Job', 'podometer-fast-ssd-3', READ)],
  },
  {
    name: 'a Deployment’s manifest leaves the revision to the kubelet',
    pod: podWith(),
    owners: [owner('apps/v1', 'Deployment', 'web', NOT_YET)],
  },
  {
    name: 'an Indexed Job’s manifest leaves uid and rank to the kubelet',
    pod: podWith(),
    owners: [owner('batch/v1', 'Job', 'train', NOT_YET)],
  },
  {
    name: 'a StatefulSet’s manifest',
    pod: podWith(),
    owners: [owner('apps/v1', 'StatefulSet', 'db', NOT_YET)],
  },
  {
    name: 'a JobSet’s manifest',
    pod: podWith(),
    owners: [owner('jobset.x-k8s.io/v1alpha2', 'JobSet', 'llm', NOT_YET)],
  },
  {
    name: 'a CronJob’s manifest',
    pod: podWith(),
    owners: [owner('batch/v1', 'CronJob', 'nightly', NOT_YET)],
  },
];
