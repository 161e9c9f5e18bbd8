/** How the tests say what a MetricSet asks for, and what its Jobs and pods have come to. */
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { StorageFound } from '../../../../injector/controller/metric-sets/left-overs.ts';
import type { StorageSet } from '../../../../injector/controller/metric-sets/storage-set.ts';
import type { MetricSpec } from '../../../../protocol/metric-set.ts';
import type { RunResult } from '../../../../protocol/results.ts';

export const UID = 'c0ffee00-0000-4000-8000-000000000001';
export const START_MS = Date.UTC(2026, 0, 1, 12);

export const image = { image: 'registry.example/podometer:1.2.3', imagePullPolicy: 'IfNotPresent' } as const;

export const fio: MetricSpec = {
  name: 'storage',
  tool: 'fio',
  volume: { claimTemplate: { storageClassName: 'fast-ssd', size: '10Gi' } },
  options: { profile: 'randread', runtime: '30s' },
};

export const ioping: MetricSpec = {
  name: 'storage',
  tool: 'ioping',
  volume: { claimName: 'data', allowNonEmpty: true },
};

export function setOf(metrics: MetricSpec[], fields: Partial<StorageSet> = {}): StorageSet {
  return {
    name: 'fast',
    namespace: 'team-a',
    uid: UID,
    generation: 1,
    runAgain: undefined,
    spec: { metrics },
    status: undefined,
    ...fields,
  };
}

export const nothingFound: StorageFound = { jobs: [], jobSets: [], pods: [], claims: [] };

const labels = (run: number) => ({
  'podometer.dev/metric-set-uid': UID,
  'podometer.dev/storage-run': String(run),
});

export interface JobState {
  readonly name?: string;
  readonly active?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly end?: 'Complete' | 'Failed';
  readonly endMs?: number;
  readonly ofJobSet?: string;
}

export function job(run: number, state: JobState = {}): V1Job {
  const {
    name = `podometer-fast-${run}`,
    active,
    succeeded,
    failed,
    end,
    endMs = START_MS,
    ofJobSet,
  } = state;
  return {
    metadata: {
      name,
      labels: labels(run),
      creationTimestamp: new Date(START_MS),
      ...(ofJobSet !== undefined && {
        ownerReferences: [
          { apiVersion: 'jobset.x-k8s.io/v1alpha2', kind: 'JobSet', name: ofJobSet, uid: 'u' },
        ],
      }),
    },
    status: {
      ...(active !== undefined && { active }),
      ...(succeeded !== undefined && { succeeded }),
      ...(failed !== undefined && { failed }),
      ...(end !== undefined && {
        conditions: [
          { type: end, status: 'True', lastTransitionTime: new Date(endMs), message: 'as it is said' },
        ],
      }),
    },
  };
}

export function pod(run: number, phase: string, message?: string, exitCode = 0): V1Pod {
  return {
    metadata: { name: `podometer-fast-${run}-0-abcde`, labels: labels(run) },
    status: {
      phase,
      ...(message !== undefined && {
        containerStatuses: [
          {
            name: 'storage',
            image: '',
            imageID: '',
            ready: false,
            restartCount: 0,
            state: { terminated: { exitCode, message, reason: exitCode === 0 ? 'Completed' : 'Error' } },
          },
        ],
      }),
    },
  };
}

export function rate(value: number): RunResult {
  return { name: 'fio.read.iops', unit: '1/s', value, better: 'higher', combine: 'sum' };
}
