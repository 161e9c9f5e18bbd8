/** What the API server is asked for about MetricSets and what is made for their storage metrics. */
import {
  BatchV1Api,
  type ConfigurationOptions,
  CoreV1Api,
  type CoreV1Event,
  CustomObjectsApi,
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  type V1Job,
  type V1PersistentVolumeClaim,
} from '@kubernetes/client-node';
import type { Clock } from '../../../lib/clock.ts';
import { answeredWithin, failureStatus } from '../../../lib/cluster/api-access.ts';
import { CachedReads } from '../../../lib/cluster/cached-reads.ts';
import { METRIC_SET_API, type MetricSetStatus } from '../../../protocol/metric-set.ts';
import { METRIC_SET_UID_LABEL } from '../../../protocol/names.ts';
import type { MetricSetObject } from '../../cluster/metric-set-facts.ts';
import type { Removal, StorageFound } from './left-overs.ts';
import { hasNoPods } from './observe-run.ts';
import { JOB_SET_API, type Workload } from './storage-objects.ts';

const LONGEST_CALL_MS = 10_000;
/** JobSets may be installed, and taken away, at any time. */
const JOB_SETS_KEPT_MS = 60_000;

export class ClusterObjects {
  readonly #core: CoreV1Api;
  readonly #batch: BatchV1Api;
  readonly #custom: CustomObjectsApi;
  readonly #jobSetKnowledge: CachedReads<boolean>;

  constructor(cluster: KubeConfig, clock: Clock) {
    this.#core = cluster.makeApiClient(CoreV1Api);
    this.#batch = cluster.makeApiClient(BatchV1Api);
    this.#custom = cluster.makeApiClient(CustomObjectsApi);
    this.#jobSetKnowledge = new CachedReads({
      clock,
      most: 1,
      keepMs: JOB_SETS_KEPT_MS,
      keepFailureMs: 1000,
    });
  }

  /** As it is now; undefined where there is none. */
  async metricSet(namespace: string, name: string): Promise<MetricSetObject | undefined> {
    return ifThere(this.#custom.getNamespacedCustomObject({ ...METRIC_SET_API, namespace, name }, limit()));
  }

  /** Rejects with 409 where the object has changed since it was read. */
  async writeStatus(object: MetricSetObject, status: MetricSetStatus): Promise<void> {
    const { namespace = '', name = '' } = object.metadata ?? {};
    await this.#custom.replaceNamespacedCustomObjectStatus(
      { ...METRIC_SET_API, namespace, name, body: { ...object, status } },
      limit(),
    );
  }

  /** Everything that was made for the MetricSet of this uid. */
  async storageFound(namespace: string, uid: string): Promise<StorageFound> {
    const ofSet = { namespace, labelSelector: `${METRIC_SET_UID_LABEL}=${uid}` };
    const [jobs, pods, claims, jobSets] = await Promise.all([
      this.#batch.listNamespacedJob(ofSet, limit()),
      this.#core.listNamespacedPod(ofSet, limit()),
      this.#core.listNamespacedPersistentVolumeClaim(ofSet, limit()),
      this.#jobSets(ofSet),
    ]);
    const whyNoPods = await this.#whyNoPods(namespace, jobs.items.filter(hasNoPods));
    return { jobs: jobs.items, pods: pods.items, claims: claims.items, jobSets, whyNoPods };
  }

  /** What the Job controller last said of it. Who may not read that knows less, and goes on. */
  async #whyNoPods(namespace: string, jobs: readonly V1Job[]): Promise<string | undefined> {
    for (const job of jobs) {
      const fieldSelector = `involvedObject.kind=Job,involvedObject.name=${nameOf(job)},reason=FailedCreate`;
      const { items } = await ifAllowed(
        this.#core.listNamespacedEvent({ namespace, fieldSelector }, limit()),
      );
      const ofJob = items.filter(({ involvedObject }) => involvedObject.uid === job.metadata?.uid);
      const { message } = ofJob.toSorted((a, b) => toldAtMs(a) - toldAtMs(b)).at(-1) ?? {};
      if (message !== undefined) return message;
    }
    return undefined;
  }

  /** Rejects where it cannot be told: a run made in both ways would be measured twice. */
  async hasJobSets(): Promise<boolean> {
    const known = await this.#jobSetKnowledge.get('installed', LONGEST_CALL_MS, async () => {
      const found = await ifThere(this.#custom.getAPIResources(JOB_SET_API, limit()));
      return found !== undefined;
    });
    if (known === undefined) throw new Error('the API server does not tell whether JobSets are installed');
    return known;
  }

  /**
   * Makes those that are not there yet, and answers all as they are. Rejects where something of the same name is
   * another's.
   */
  makeClaims(
    namespace: string,
    uid: string,
    claims: readonly V1PersistentVolumeClaim[],
  ): Promise<V1PersistentVolumeClaim[]> {
    return inTurn(claims, (body) =>
      orIsThere(
        () => this.#core.createNamespacedPersistentVolumeClaim({ namespace, body }, limit()),
        () => this.#core.readNamespacedPersistentVolumeClaim({ namespace, name: nameOf(body) }, limit()),
        ({ metadata }) => isMadeBy(metadata, uid) || isKeptFor(body, metadata),
      ),
    );
  }

  /** The same for Jobs and JobSets. */
  async makeWorkloads(namespace: string, uid: string, workloads: readonly Workload[]): Promise<void> {
    await inTurn(workloads, (body) =>
      orIsThere(
        () => this.#createWorkload(namespace, body),
        () => this.#readWorkload(namespace, body),
        ({ metadata }) => isMadeBy(metadata, uid),
      ),
    );
  }

  async remove(namespace: string, { kind, name }: Removal): Promise<void> {
    const propagationPolicy = 'Background';
    switch (kind) {
      case 'PersistentVolumeClaim':
        return gone(this.#core.deleteNamespacedPersistentVolumeClaim({ namespace, name }, limit()));
      case 'Job':
        return gone(this.#batch.deleteNamespacedJob({ namespace, name, propagationPolicy }, limit()));
      case 'JobSet':
        return gone(
          this.#custom.deleteNamespacedCustomObject(
            { ...JOB_SET_API, namespace, name, propagationPolicy },
            limit(),
          ),
        );
    }
  }

  async #jobSets(ofSet: { namespace: string; labelSelector: string }): Promise<KubernetesObject[]> {
    if (!(await this.hasJobSets())) return [];
    const listed: KubernetesListObject<KubernetesObject> = await this.#custom.listNamespacedCustomObject(
      { ...JOB_SET_API, ...ofSet },
      limit(),
    );
    return listed.items;
  }

  #createWorkload(namespace: string, body: Workload): Promise<KubernetesObject> {
    if (body.kind !== JOB_SET_API.kind) {
      return this.#batch.createNamespacedJob({ namespace, body: body as V1Job }, limit());
    }
    return this.#custom.createNamespacedCustomObject({ ...JOB_SET_API, namespace, body }, limit());
  }

  #readWorkload(namespace: string, body: Workload): Promise<KubernetesObject> {
    const name = nameOf(body);
    if (body.kind !== JOB_SET_API.kind) return this.#batch.readNamespacedJob({ namespace, name }, limit());
    return this.#custom.getNamespacedCustomObject({ ...JOB_SET_API, namespace, name }, limit());
  }
}

function limit(): ConfigurationOptions {
  return answeredWithin(LONGEST_CALL_MS);
}

function nameOf({ metadata }: KubernetesObject): string {
  return metadata?.name ?? '';
}

type Metadata = KubernetesObject['metadata'];

function isMadeBy(metadata: Metadata, uid: string): boolean {
  return metadata?.labels?.[METRIC_SET_UID_LABEL] === uid;
}

/** A claim that is kept outlives its MetricSet, and serves the next one of that name. */
function isKeptFor({ metadata: wanted }: KubernetesObject, metadata: Metadata): boolean {
  return wanted?.ownerReferences === undefined && metadata?.labels?.[METRIC_SET_UID_LABEL] !== undefined;
}

async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (failureStatus(error) === 404) return undefined;
    throw error;
  }
}

async function ifAllowed<T>(list: Promise<{ items: readonly T[] }>): Promise<{ items: readonly T[] }> {
  try {
    return await list;
  } catch (error) {
    if (failureStatus(error) === 403) return { items: [] };
    throw error;
  }
}

function toldAtMs({ lastTimestamp, eventTime, metadata }: CoreV1Event): number {
  return new Date(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? 0).getTime();
}

async function gone(call: Promise<unknown>): Promise<void> {
  await ifThere(call);
}

async function orIsThere<T extends KubernetesObject>(
  create: () => Promise<T>,
  read: () => Promise<T>,
  isOurs: (object: T) => boolean,
): Promise<T> {
  try {
    return await create();
  } catch (error) {
    if (failureStatus(error) !== 409) throw error;
    const found = await read();
    if (isOurs(found)) return found;
    throw new NameTaken(`${found.kind ?? 'an object'} ${nameOf(found)}`);
  }
}

async function inTurn<T, U>(all: readonly T[], act: (one: T) => Promise<U>): Promise<U[]> {
  const answers: U[] = [];
  for (const one of all) answers.push(await act(one));
  return answers;
}

/** Something that was not made for the MetricSet has the name of what would be. */
export class NameTaken extends Error {
  constructor(what: string) {
    super(`${what} is there already and was not made for this MetricSet; remove it, or rename the MetricSet`);
  }
}
