/** `deploy/web`, as kubectl writes it. */
import { usageError } from '../usage-error.ts';

export interface WorkloadRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

interface Known {
  readonly apiVersion: string;
  readonly kind: string;
  readonly names: readonly string[];
}

const KNOWN: readonly Known[] = [
  { apiVersion: 'apps/v1', kind: 'Deployment', names: ['deployment', 'deployments', 'deploy'] },
  { apiVersion: 'apps/v1', kind: 'StatefulSet', names: ['statefulset', 'statefulsets', 'sts'] },
  { apiVersion: 'apps/v1', kind: 'DaemonSet', names: ['daemonset', 'daemonsets', 'ds'] },
  { apiVersion: 'batch/v1', kind: 'CronJob', names: ['cronjob', 'cronjobs', 'cj'] },
];

/** What can no longer be changed once it is made. */
const FIXED: readonly string[] = [
  'job',
  'jobs',
  'jobset',
  'jobsets',
  'pod',
  'pods',
  'po',
  'replicaset',
  'rs',
];

/** Throws PODO_USAGE. */
export function parseWorkloadRef(text: string): WorkloadRef {
  const [, kindName = '', name = ''] = /^([A-Za-z]+)\/([a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/.exec(text) ?? [];
  const known = KNOWN.find(({ names }) => names.includes(kindName.toLowerCase()));
  if (known !== undefined) return { apiVersion: known.apiVersion, kind: known.kind, name };
  if (FIXED.includes(kindName.toLowerCase())) {
    throw usageError(
      `${text} cannot be labelled: the pods of a ${kindName} are settled when it is made`,
      'Label its manifest (podometer label -f FILE) and make it anew.',
    );
  }
  throw usageError(
    `"${text}" names no workload`,
    `Give KIND/NAME, where KIND is ${KNOWN.map(({ names }) => names.at(-1)).join(', ')}.`,
  );
}
