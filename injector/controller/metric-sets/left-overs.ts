/** What was made for runs of storage metrics and is not needed any more. */
import type { KubernetesObject, V1Job, V1PersistentVolumeClaim, V1Pod } from '@kubernetes/client-node';
import { endedAtMs, hasEnded } from './observe-run.ts';
import { runNumber } from './storage-set.ts';

/** All that was made for the MetricSet, whichever run it was for. */
export interface StorageFound {
  /** Also those that a JobSet has made. */
  readonly jobs: readonly V1Job[];
  readonly jobSets: readonly KubernetesObject[];
  readonly pods: readonly V1Pod[];
  readonly claims: readonly V1PersistentVolumeClaim[];
  /** Why a Job has no pods though it should, where that is told. */
  readonly whyNoPods?: string | undefined;
}

export interface Removal {
  readonly kind: 'PersistentVolumeClaim' | 'Job' | 'JobSet';
  readonly name: string;
}

/** How long the pods of a run that has ended can be looked at: whoever wants to know why it failed has its logs. */
const KEEP_ENDED_MS = 600_000;
/**
 * The same where a run went well and has a claim of its own: a claim is there for as long as a pod's object names it. It
 * is long enough for an aggregator that is restarted to see how the pods ended.
 */
const KEEP_HOLDING_MS = 30_000;

/** What was made for runs that are over, or that nobody waits for any more. `active`: the number of the run under way. */
export function leftOvers(
  { jobs, jobSets, claims }: StorageFound,
  active: number | undefined,
  nowMs: number,
): { remove: Removal[]; againAtMs: number | undefined } {
  const isOver = (object: KubernetesObject): boolean => {
    const number = runNumber(object);
    return number !== undefined && number !== active && object.metadata?.deletionTimestamp === undefined;
  };
  const workloads = [
    ...jobSets.map((jobSet) => ({
      ...removal('JobSet', jobSet),
      isOver: isOver(jobSet),
      jobs: jobsOf(jobSet, jobs),
    })),
    ...jobs
      .filter((job) => !isOfJobSet(job))
      .map((job) => ({ ...removal('Job', job), isOver: isOver(job), jobs: [job] })),
  ].filter((one) => one.isOver);
  const isOfClaim = (jobs: readonly V1Job[]): boolean =>
    claims.some((claim) => jobs.some((job) => runNumber(job) === runNumber(claim)));
  const dueMs = ({ jobs: own }: { jobs: readonly V1Job[] }): number => {
    const ends = own.map(endedAtMs).filter((ms) => ms !== undefined);
    if (ends.length < own.length) return nowMs;
    const isHolding = own.every((job) => hasEnded(job, 'Complete')) && isOfClaim(own);
    return Math.max(0, ...ends) + (isHolding ? KEEP_HOLDING_MS : KEEP_ENDED_MS);
  };
  const later = workloads.map(dueMs).filter((ms) => ms > nowMs);
  return {
    remove: [
      ...claims.filter(isOver).map((claim) => removal('PersistentVolumeClaim', claim)),
      ...workloads.filter((one) => dueMs(one) <= nowMs).map(({ kind, name }) => ({ kind, name })),
    ],
    againAtMs: later.length === 0 ? undefined : Math.min(...later),
  };
}

function removal(kind: Removal['kind'], { metadata }: KubernetesObject): Removal {
  return { kind, name: metadata?.name ?? '' };
}

/** Those that a JobSet has made. */
function jobsOf(jobSet: KubernetesObject, jobs: readonly V1Job[]): readonly V1Job[] {
  return jobs.filter((job) => runNumber(job) === runNumber(jobSet));
}

function isOfJobSet({ metadata }: V1Job): boolean {
  return metadata?.ownerReferences?.some(({ kind }) => kind === 'JobSet') ?? false;
}
