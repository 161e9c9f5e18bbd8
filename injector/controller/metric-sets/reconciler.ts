/** Brings one MetricSet's status up to date, and what is made for its storage metrics in line with what it asks for. */
import { isDeepStrictEqual } from 'node:util';
import type { KubeConfig, V1Pod } from '@kubernetes/client-node';
import type { Clock } from '../../../lib/clock.ts';
import { failureMessage, isRefusal } from '../../../lib/cluster/api-access.ts';
import type { MetricSetSpec, MetricSetStatus, StorageStatus } from '../../../protocol/metric-set.ts';
import { RUN_AGAIN_ANNOTATION } from '../../../protocol/names.ts';
import { type MetricSetObject, metricSetFacts } from '../../cluster/metric-set-facts.ts';
import type { ObjectEvent } from '../../cluster/object-events.ts';
import type { MetricSetFacts } from '../../inject/facts.ts';
import { claimDifference } from './claim-difference.ts';
import { ClusterObjects, NameTaken } from './cluster-objects.ts';
import type { StorageFound } from './left-overs.ts';
import { hasNoPods } from './observe-run.ts';
import { planStorage } from './plan-storage.ts';
import { scheduleProblem } from './schedule.ts';
import { countMatched, metricSetStatus } from './status.ts';
import { storageEvent } from './storage-event.ts';
import { runClaims, runWorkloads } from './storage-objects.ts';
import type { PodImage } from './storage-pod.ts';
import { type RunPlace, type StorageSet, storageMetrics } from './storage-set.ts';

export interface MetricSetReconcilerParts {
  readonly cluster: KubeConfig;
  readonly clock: Clock;
  /** That the pods of storage metrics run. */
  readonly image: PodImage;
  /** The namespace's labelled pods. */
  readonly pods: (namespace: string) => readonly V1Pod[];
  /** The namespace's MetricSets, oldest first. */
  readonly metricSets: (namespace: string) => readonly MetricSetFacts[];
  readonly tell: (event: ObjectEvent) => void;
}

export interface Reconciled {
  /** When it is to be looked at again though nothing has moved, in ms from now; undefined: never. */
  readonly againInMs: number | undefined;
}

/** What the API server does not allow is asked for again after this: quotas and rules change. */
const REFUSED_RETRY_MS = 30_000;
/** How soon it is asked again why a Job has no pods. */
const NO_PODS_MS = 10_000;
const LONGEST_TEXT = 1024;
const DONE: Reconciled = { againInMs: undefined };
const NOTHING_FOUND: StorageFound = { jobs: [], jobSets: [], pods: [], claims: [] };

interface Made {
  /** What the API server has against it. */
  readonly refusal?: string | undefined;
  /** What was there and is not as asked for. */
  readonly warning?: string | undefined;
}

export class MetricSetReconciler {
  readonly #parts: MetricSetReconcilerParts;
  readonly #objects: ClusterObjects;

  constructor(parts: MetricSetReconcilerParts) {
    this.#parts = parts;
    this.#objects = new ClusterObjects(parts.cluster, parts.clock);
  }

  /** Rejects where the API server does not answer, or with 409 where somebody was faster: it is then to be called again. */
  async reconcile(namespace: string, name: string): Promise<Reconciled> {
    const object = await this.#objects.metricSet(namespace, name);
    // What was made for it goes with it: the garbage collector sees to that.
    if (object === undefined || object.metadata?.deletionTimestamp !== undefined) return DONE;
    const { problems } = metricSetFacts(object);
    const set = storageSet(object);
    const all = problems.length > 0 ? problems : scheduleProblems(set.spec);
    if (all.length > 0) {
      await this.#writeStatus(object, set, all, object.status?.storage);
      return DONE;
    }
    return this.#reconcileStorage(object, set);
  }

  async #reconcileStorage(object: MetricSetObject, set: StorageSet): Promise<Reconciled> {
    const { clock, tell } = this.#parts;
    const isConcerned = storageMetrics(set.spec).length > 0 || set.status !== undefined;
    const found = isConcerned ? await this.#objects.storageFound(set.namespace, set.uid) : NOTHING_FOUND;
    const nowMs = clock.wallMs();
    const plan = planStorage(set, found, nowMs);
    const made: Made = plan.make === undefined ? {} : await this.#make(set, plan.make);
    await this.#writeStatus(object, set, [], told(plan.status, made));
    for (const event of plan.events) tell(storageEvent(set, event));
    for (const removal of plan.remove) await this.#objects.remove(set.namespace, removal);
    const againAtMs = [
      plan.againAtMs,
      made.refusal && nowMs + REFUSED_RETRY_MS,
      // No watch tells that its pods are refused.
      plan.status?.phase === 'Pending' && found.jobs.some(hasNoPods) && nowMs + NO_PODS_MS,
    ].filter((ms) => typeof ms === 'number');
    return againAtMs.length === 0 ? DONE : { againInMs: Math.max(0, Math.min(...againAtMs) - nowMs) };
  }

  /** Makes what is not there of a run. Rejects where trying again is what helps. */
  async #make(set: StorageSet, place: RunPlace): Promise<Made> {
    const { namespace, uid } = set;
    const hasJobSets = await this.#objects.hasJobSets();
    const wanted = runClaims(set, place);
    let warning: string | undefined;
    const refusal = await refusalOf(async () => {
      const claims = await this.#objects.makeClaims(namespace, uid, wanted);
      const differences = wanted.map((claim, i) => claimDifference(claim, claims[i] ?? claim));
      warning = differences.filter((one) => one !== undefined).join('. ') || undefined;
      const workloads = runWorkloads(set, place, claims, this.#parts.image, hasJobSets);
      await this.#objects.makeWorkloads(namespace, uid, workloads);
    });
    return { refusal, warning };
  }

  async #writeStatus(
    object: MetricSetObject,
    { namespace, name, generation }: StorageSet,
    problems: readonly string[],
    storage: StorageStatus | undefined,
  ): Promise<void> {
    const { clock, pods, metricSets } = this.#parts;
    const status = metricSetStatus({
      before: object.status,
      generation,
      problems,
      matchedPods: countMatched(name, pods(namespace), metricSets(namespace)),
      storage,
      now: new Date(clock.wallMs()).toISOString().replace(/\.\d+Z$/, 'Z'),
    });
    if (!isDeepStrictEqual(definedPart(status), object.status))
      await this.#objects.writeStatus(object, status);
  }
}

/** `spec`: only a sound one is read. */
function storageSet({ metadata, spec, status }: MetricSetObject): StorageSet {
  return {
    name: metadata?.name ?? '',
    namespace: metadata?.namespace ?? '',
    uid: metadata?.uid ?? '',
    generation: metadata?.generation ?? 0,
    runAgain: metadata?.annotations?.[RUN_AGAIN_ANNOTATION]?.slice(0, 256),
    spec: spec as MetricSetSpec,
    status: status?.storage,
  };
}

function scheduleProblems({ schedule }: MetricSetSpec): string[] {
  const problem = schedule === undefined ? undefined : scheduleProblem(schedule);
  return problem === undefined ? [] : [`spec.schedule ${problem}`];
}

/** What the API server has against it, where waiting alone does not help. Rejects where it does. */
async function refusalOf(make: () => Promise<void>): Promise<string | undefined> {
  try {
    await make();
    return undefined;
  } catch (error) {
    if (error instanceof NameTaken) return error.message;
    if (isRefusal(error)) return `refused: ${reasonOf(error)}`;
    throw error;
  }
}

/** Its own words, where it gave some. */
function reasonOf(error: unknown): string {
  return failureMessage(error) ?? (error as Error).message.split('\n', 1)[0] ?? '';
}

/** What is not told now stays as it was. */
function told(
  status: StorageStatus | undefined,
  { refusal: message, warning }: Made,
): StorageStatus | undefined {
  if (status === undefined) return undefined;
  return {
    ...status,
    ...(message !== undefined && { message: message.slice(0, LONGEST_TEXT) }),
    ...(warning !== undefined && { warning: warning.slice(0, LONGEST_TEXT) }),
  };
}

/** As JSON has it. */
function definedPart(status: MetricSetStatus): unknown {
  return JSON.parse(JSON.stringify(status));
}
