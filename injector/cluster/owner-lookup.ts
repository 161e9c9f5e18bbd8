/** Who a pod belongs to, where its owner's name alone cannot tell. */
import {
  AppsV1Api,
  BatchV1Api,
  type KubeConfig,
  type KubernetesObject,
  type V1OwnerReference,
} from '@kubernetes/client-node';
import type { Clock } from '../../lib/clock.ts';
import { answeredWithin } from '../../lib/cluster/api-access.ts';
import { CachedReads } from '../../lib/cluster/cached-reads.ts';
import type { OwnerFacts } from '../inject/facts.ts';

/** An owner never changes its own owner, and its labels hardly ever. */
const KEEP_MS = 600_000;
const KEEP_FAILURE_MS = 10_000;
const MOST_OWNERS = 10_000;
const LONGEST_READ_MS = 10_000;

type Read = (name: string, namespace: string) => Promise<KubernetesObject>;

export class OwnerLookup {
  readonly #reads: ReadonlyMap<string, Read>;
  readonly #owners: CachedReads<readonly OwnerFacts[]>;

  constructor(cluster: KubeConfig, clock: Clock) {
    const apps = cluster.makeApiClient(AppsV1Api);
    const batch = cluster.makeApiClient(BatchV1Api);
    const limit = answeredWithin(LONGEST_READ_MS);
    // A ReplicaSet may be a Deployment's or another's, a Job a CronJob's, a JobSet's or nobody's. Every other
    // controller is itself what a person labelled.
    this.#reads = new Map<string, Read>([
      ['apps/v1 ReplicaSet', (name, namespace) => apps.readNamespacedReplicaSet({ name, namespace }, limit)],
      ['batch/v1 Job', (name, namespace) => batch.readNamespacedJob({ name, namespace }, limit)],
    ]);
    this.#owners = new CachedReads({
      clock,
      most: MOST_OWNERS,
      keepMs: KEEP_MS,
      keepFailureMs: KEEP_FAILURE_MS,
    });
  }

  /** The controller, then its own. Where they cannot be read by `limitMs`, what the references tell by themselves. */
  async owners(
    namespace: string,
    references: readonly V1OwnerReference[] | null | undefined,
    limitMs: number,
  ): Promise<readonly OwnerFacts[]> {
    const controller = references?.find((reference) => reference.controller === true);
    if (controller === undefined) return [];
    const byName = [ownerFacts(controller)];
    const read = this.#reads.get(`${controller.apiVersion} ${controller.kind}`);
    if (read === undefined) return byName;
    const found = await this.#owners.get(controller.uid, limitMs, async () =>
      ownersOf(controller, await read(controller.name, namespace)),
    );
    return found ?? byName;
  }
}

/** Throws where the object is another one of the same name. */
function ownersOf(controller: V1OwnerReference, { metadata }: KubernetesObject): OwnerFacts[] {
  if (metadata?.uid !== controller.uid) throw new Error(`${controller.kind} ${controller.name} was replaced`);
  const own = metadata.ownerReferences?.find((reference) => reference.controller === true);
  return [ownerFacts(controller, metadata.labels ?? {}), ...(own === undefined ? [] : [ownerFacts(own)])];
}

function ownerFacts(
  { apiVersion, kind, name, uid }: V1OwnerReference,
  labels?: Readonly<Record<string, string>>,
): OwnerFacts {
  return { apiVersion, kind, name, uid, labels };
}
