/** Pods as the API server tells of them: the JSON of a watch, where times are text. Their agent is a native sidecar. */
import type { V1ContainerState, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';

export const JOB_UID = 'a1b2c3d4-0000-4000-8000-00000000000a';
export const SET_UID = 'a1b2c3d4-0000-4000-8000-00000000005e';

/** 2026-01-02T03:04:00Z and so many seconds, as the API server spells it. */
export function at(seconds: number): Date {
  const text = new Date(Date.UTC(2026, 0, 2, 3, 4, 0) + seconds * 1000).toISOString();
  return text.replace('.000Z', 'Z') as unknown as Date;
}

export const atMs = (seconds: number): number => new Date(at(seconds)).getTime();
export const iso = (seconds: number): string => new Date(atMs(seconds)).toISOString();

export function running(from: number): V1ContainerState {
  return { running: { startedAt: at(from) } };
}

export function ended(
  from: number,
  to: number,
  exitCode: number,
  reason = exitCode === 0 ? 'Completed' : 'Error',
  id = `containerd://${String(from).padStart(12, '0')}ffff`,
): V1ContainerState {
  return { terminated: { containerID: id, startedAt: at(from), finishedAt: at(to), exitCode, reason } };
}

export function status(
  name: string,
  state: V1ContainerState,
  change: Partial<V1ContainerStatus> = {},
): V1ContainerStatus {
  const from = state.running?.startedAt ?? state.terminated?.startedAt;
  const seconds = from === undefined ? 0 : (new Date(from).getTime() - atMs(0)) / 1000;
  return {
    name,
    state,
    lastState: {},
    ready: state.running !== undefined,
    restartCount: 0,
    image: 'registry.example/train:1',
    imageID: 'registry.example/train@sha256:0123456789abcdef',
    ...(state.waiting === undefined && {
      containerID: `containerd://${String(seconds).padStart(12, '0')}ffff`,
    }),
    ...change,
  };
}

export interface PodChange {
  readonly name?: string;
  readonly uid?: string;
  readonly run?: string | { readonly fieldPath: string };
  readonly metadata?: V1Pod['metadata'];
  readonly phase?: string;
  readonly statuses?: readonly V1ContainerStatus[];
  readonly initStatuses?: readonly V1ContainerStatus[];
  readonly status?: V1Pod['status'];
  readonly resources?: NonNullable<V1Pod['spec']>['containers'][number]['resources'];
}

/** A pod of Job `train` with one container `main`, running since second 3, its agent since second 2. */
export function jobPod(change: PodChange = {}): V1Pod {
  const { name = 'pod-a', uid = `uid-of-${name}`, run = JOB_UID, phase = 'Running' } = change;
  const variable = typeof run === 'string' ? { value: run } : { valueFrom: { fieldRef: run } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      uid,
      namespace: 'team',
      creationTimestamp: at(0),
      labels: {
        'podometer.dev/profile': 'true',
        'batch.kubernetes.io/controller-uid': JOB_UID,
        'batch.kubernetes.io/job-name': 'train',
      },
      annotations: { 'podometer.dev/injected': '0.1.0' },
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'Job', name: 'train', uid: JOB_UID, controller: true },
      ],
      managedFields: [{ manager: 'kubelet', operation: 'Update' }],
      ...change.metadata,
    },
    spec: {
      nodeName: 'node-a',
      restartPolicy: 'Never',
      initContainers: [
        {
          name: 'podometer-agent',
          image: 'podometer:0.1.0',
          restartPolicy: 'Always',
          env: [
            { name: 'PODOMETER_POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            { name: 'PODOMETER_RUN_ID', ...variable },
          ],
          resources: { requests: { cpu: '10m', memory: '64Mi' } },
        },
      ],
      containers: [{ name: 'main', image: 'registry.example/train:1', resources: change.resources ?? {} }],
    },
    status: {
      phase,
      conditions: [
        { type: 'PodScheduled', status: 'True', lastTransitionTime: at(1) },
        { type: 'Ready', status: phase === 'Running' ? 'True' : 'False', lastTransitionTime: at(4) },
      ],
      initContainerStatuses: [status('podometer-agent', running(2)), ...(change.initStatuses ?? [])],
      containerStatuses: [...(change.statuses ?? [status('main', running(3))])],
      ...change.status,
    },
  } as V1Pod;
}

/** Its main container passed its memory limit in second 63; the agent was told to stop after it. */
export function oomKilledPod(change: PodChange = {}): V1Pod {
  return jobPod({
    phase: 'Failed',
    statuses: [status('main', ended(3, 63, 137, 'OOMKilled'))],
    status: { initContainerStatuses: [status('podometer-agent', ended(2, 64, 0))] },
    ...change,
  });
}

export function succeededPod(change: PodChange = {}): V1Pod {
  return jobPod({
    phase: 'Succeeded',
    statuses: [status('main', ended(3, 60, 0))],
    status: { initContainerStatuses: [status('podometer-agent', ended(2, 61, 0))] },
    ...change,
  });
}

/** The kubelet took it away for want of disk; of such a pod the containers' statuses may be empty. */
export function evictedPod(change: PodChange = {}): V1Pod {
  return jobPod({
    phase: 'Failed',
    statuses: [],
    status: {
      reason: 'Evicted',
      message: 'The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi, available: 900Mi.',
      initContainerStatuses: [],
      conditions: [
        {
          type: 'DisruptionTarget',
          status: 'True',
          reason: 'TerminationByKubelet',
          message: 'The node was low on resource: ephemeral-storage.',
          lastTransitionTime: at(40),
        },
      ],
    },
    ...change,
  });
}

export function job(
  name: string,
  uid: string,
  condition?: { type: string; reason?: string; at: number },
): object {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, uid, namespace: 'team' },
    status: condition && {
      ...(condition.type === 'Complete' && { completionTime: at(condition.at) }),
      conditions: [
        { type: 'SuccessCriteriaMet', status: 'True', lastTransitionTime: at(condition.at) },
        {
          type: condition.type,
          status: 'True',
          ...(condition.reason && { reason: condition.reason }),
          lastTransitionTime: at(condition.at),
        },
      ],
    },
  };
}
