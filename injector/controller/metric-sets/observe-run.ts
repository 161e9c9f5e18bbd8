/** How a run of storage metrics gets on, from its Jobs and pods. */
import type { V1ContainerStatus, V1Job, V1Pod } from '@kubernetes/client-node';
import { combinedResults } from '../../../protocol/combined-results.ts';
import { MOST_SHOWN_RESULTS, type ShownResult, type StoragePhase } from '../../../protocol/metric-set.ts';
import { parseStorageReport } from '../../../protocol/storage-report.ts';
import { STORAGE_CONTAINER } from './storage-pod.ts';

export const MAKING_PODS = 'its pods are being made';

export interface RunObservation {
  readonly phase: StoragePhase;
  readonly active: number;
  readonly succeeded: number;
  readonly failed: number;
  /** What it waits for, or why it failed; undefined where there is nothing to tell. */
  readonly message: string | undefined;
  /** Of the pods that have succeeded. */
  readonly results: readonly ShownResult[];
}

export interface RunSeen {
  readonly jobs: readonly V1Job[];
  readonly pods: readonly V1Pod[];
  /** Why the pods of a Job cannot be made, where that is known. */
  readonly whyNoPods: string | undefined;
}

/** `expected`: how many Jobs the run has. */
export function observeRun({ jobs, pods, whyNoPods }: RunSeen, expected: number): RunObservation {
  const failed = jobs.filter((job) => hasEnded(job, 'Failed'));
  const complete = jobs.filter((job) => hasEnded(job, 'Complete'));
  // A JobSet takes its other Jobs away as soon as one has failed.
  const hasFailed = failed.length > 0 && failed.length + complete.length === jobs.length;
  const phase = hasFailed ? 'Failed' : complete.length === expected ? 'Succeeded' : livingPhase(pods);
  return {
    phase,
    active: sum(jobs, ({ status }) => status?.active),
    succeeded: sum(jobs, ({ status }) => status?.succeeded),
    failed: sum(jobs, ({ status }) => status?.failed),
    message: messageOf(phase, failed, pods) ?? (phase === 'Pending' ? (whyNoPods ?? MAKING_PODS) : undefined),
    results: phase === 'Succeeded' ? resultsOf(pods) : [],
  };
}

/** A quota, or the rules of the namespace, may be against them: the Job itself does not tell. */
export function hasNoPods(job: V1Job): boolean {
  const { active = 0, succeeded = 0, failed = 0 } = job.status ?? {};
  return active + succeeded + failed === 0 && endedAtMs(job) === undefined;
}

/** Undefined while it goes on. */
export function endedAtMs({ status }: V1Job): number | undefined {
  const condition = status?.conditions?.find(
    ({ type, status: isTrue }) => (type === 'Complete' || type === 'Failed') && isTrue === 'True',
  );
  return condition === undefined ? undefined : new Date(condition.lastTransitionTime ?? 0).getTime();
}

export function hasEnded({ status }: V1Job, how: 'Complete' | 'Failed'): boolean {
  return status?.conditions?.some(({ type, status: isTrue }) => type === how && isTrue === 'True') ?? false;
}

function livingPhase(pods: readonly V1Pod[]): StoragePhase {
  const hasRun = pods.some(({ status }) => status?.phase !== undefined && status.phase !== 'Pending');
  return hasRun ? 'Running' : 'Pending';
}

function messageOf(
  phase: StoragePhase,
  failed: readonly V1Job[],
  pods: readonly V1Pod[],
): string | undefined {
  switch (phase) {
    case 'Pending':
      return first(pods, whyPending);
    case 'Failed':
      return first(pods, whyFailed) ?? first(failed, whyJobFailed);
    default:
      return undefined;
  }
}

function whyPending({ status }: V1Pod): string | undefined {
  const unscheduled = status?.conditions?.find(
    ({ type, status: isTrue }) => type === 'PodScheduled' && isTrue === 'False',
  );
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const waiting = statuses.find(({ state }) => state?.waiting?.message !== undefined)?.state?.waiting;
  return unscheduled?.message ?? waiting?.message;
}

function whyFailed({ status }: V1Pod): string | undefined {
  const terminated = storageStatus(status?.containerStatuses)?.state?.terminated;
  const told = parseStorageReport(terminated?.message)?.failure;
  if (told !== undefined) return told;
  if (terminated === undefined || terminated.exitCode === 0) return status?.message;
  return `its container ended with ${terminated.reason ?? 'Error'} (exit code ${terminated.exitCode})`;
}

function whyJobFailed({ metadata, status }: V1Job): string | undefined {
  const condition = status?.conditions?.find(({ type }) => type === 'Failed');
  return `Job ${metadata?.name} failed: ${condition?.message ?? condition?.reason ?? 'no reason is told'}`;
}

function resultsOf(pods: readonly V1Pod[]): ShownResult[] {
  const reports = pods.flatMap(
    ({ status }) =>
      parseStorageReport(storageStatus(status?.containerStatuses)?.state?.terminated?.message) ?? [],
  );
  return combinedResults(reports).slice(0, MOST_SHOWN_RESULTS);
}

function storageStatus(statuses: readonly V1ContainerStatus[] | undefined): V1ContainerStatus | undefined {
  return statuses?.find(({ name }) => name === STORAGE_CONTAINER);
}

function sum(jobs: readonly V1Job[], count: (job: V1Job) => number | undefined): number {
  return jobs.reduce((total, job) => total + (count(job) ?? 0), 0);
}

function first<T>(from: readonly T[], say: (one: T) => string | undefined): string | undefined {
  for (const one of from) {
    const said = say(one);
    if (said !== undefined) return said;
  }
  return undefined;
}
