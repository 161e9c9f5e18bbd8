/** How the run of a Job, a CronJob's Job or a JobSet ended: as its workload did, retries and all. */
import type { Pod } from '../../protocol/pods.ts';
import type { RunOutcome, Workload } from '../../protocol/run.ts';
import type { RunRecord } from '../store/model.ts';
import type { WorkloadEnd, WorkloadFacts } from './workload-facts.ts';

export interface Workloads {
  /** Whether all that decide over runs of this kind were read once. */
  knows(kind: Workload['kind']): boolean;
  /** By uid; undefined where there is none. */
  job(uid: string): WorkloadFacts | undefined;
  jobSet(uid: string): WorkloadFacts | undefined;
}

const KINDS = new Set(['Job', 'CronJob', 'JobSet']);
/** A Job is made before its pods, but may be told of after them; a JobSet's Jobs come one after the other. */
const MISSING_FOR_MS = 30_000;

type Told = WorkloadEnd | 'deleted';

/** Undefined while it goes on, and for runs that end with their pods (run-state.ts). */
export function runEnding(
  { workload, pods = [] }: Pick<RunRecord, 'workload' | 'pods'>,
  workloads: Workloads,
  nowMs: number,
): RunOutcome | undefined {
  if (!KINDS.has(workload.kind) || !workloads.knows(workload.kind)) return undefined;
  const byJob = Map.groupBy(
    pods.filter(({ owner }) => owner?.kind === 'Job'),
    ({ owner }) => owner?.uid ?? '',
  );
  if (byJob.size === 0) return undefined;
  const ends: Told[] = [];
  for (const [uid, own] of byJob) {
    const end = toldOf(uid, own, workloads, nowMs);
    if (end === undefined) return undefined;
    ends.push(end);
  }
  return outcomeOf(ends, pods);
}

function toldOf(uid: string, pods: readonly Pod[], workloads: Workloads, nowMs: number): Told | undefined {
  const job = workloads.job(uid);
  const set = job?.parent === undefined ? undefined : workloads.jobSet(job.parent);
  const workload = set ?? job;
  if (workload !== undefined) return workload.end;
  const ends = pods.map(({ outcome }) => outcome?.endedAtMs ?? Number.POSITIVE_INFINITY);
  return Math.max(...ends) + MISSING_FOR_MS <= nowMs ? 'deleted' : undefined;
}

function outcomeOf(ends: readonly Told[], pods: readonly Pod[]): RunOutcome | undefined {
  const told = ends.filter((end) => end !== 'deleted');
  const endedAtMs = Math.max(...told.map(({ atMs }) => atMs));
  const failed = told.find(({ succeeded }) => !succeeded);
  if (failed !== undefined) return failure(failed, pods, endedAtMs);
  return told.length > 0 ? { endedAtMs, exitCode: 0, reason: 'exited' } : lastToEnd(pods);
}

/** Where the Job itself gives up on time, how its pods were stopped says nothing. */
function failure({ reason }: WorkloadEnd, pods: readonly Pod[], endedAtMs: number): RunOutcome {
  const isOutOfTime = reason === 'DeadlineExceeded';
  const of = isOutOfTime ? undefined : lastToEnd(pods.filter((pod) => pod.outcome?.exitCode !== 0));
  const cause = of?.cause ?? reason;
  return {
    ...(of === undefined || of.reason === 'deleted' ? { reason: 'failed' } : of),
    endedAtMs,
    ...(cause !== undefined && { cause }),
  };
}

function lastToEnd(pods: readonly Pod[]): RunOutcome | undefined {
  return pods
    .flatMap(({ outcome }) => outcome ?? [])
    .toSorted((a, b) => a.endedAtMs - b.endedAtMs)
    .at(-1);
}
