/** Brings the aggregator of one namespace to what it should be, and writes down how it is. */
import { randomBytes } from 'node:crypto';
import type {
  KubernetesObject,
  V1ConfigMap,
  V1Namespace,
  V1PersistentVolumeClaim,
  V1StatefulSet,
  V1StorageClass,
} from '@kubernetes/client-node';
import Value from 'typebox/value';
import type { Clock } from '../../lib/clock.ts';
import { failureMessage, isRefusal } from '../../lib/cluster/api-access.ts';
import { AGGREGATOR_NAME, STATUS_CONFIG_MAP } from '../../protocol/names.ts';
import { AUTHORITY_KEY, NamespaceStatus, STATUS_KEY, type StatusCondition } from '../../protocol/status.ts';
import type { NamespaceFacts } from '../inject/facts.ts';
import type { ClusterWriter } from './cluster-writer.ts';
import { conditionsOf, isReady, nextStatus, type Observed, turnedBad } from './conditions.ts';
import { accessObjects } from './objects/access.ts';
import { metadataIn } from './objects/names.ts';
import { networkObjects } from './objects/network.ts';
import { programObjects } from './objects/stateful-set.ts';
import { claimObject, storageOf, storageWish } from './objects/storage.ts';
import type { PodsInjected } from './pods/slipped-through.ts';
import type { AggregatorSettings } from './settings.ts';
import { troubleOf } from './trouble.ts';

const CLAIM_KIND = 'PersistentVolumeClaim';

/** Makes an aggregator's certificate where it is missing, wrong or about to expire. */
export interface AggregatorCertificates {
  /** `authorities`: PEM, whom the certificate leads to. */
  ensure(namespace: string): Promise<{ readonly endMs: number; readonly authorities: string }>;
}

export interface AggregatorsParts {
  readonly writer: Pick<ClusterWriter, 'apply' | 'read' | 'create' | 'eventsOn'>;
  readonly settings: AggregatorSettings;
  /** Undefined: certificates are not this injector's to make. */
  readonly certificates: AggregatorCertificates | undefined;
  readonly clock: Pick<Clock, 'wallMs'>;
  /** Of Podometer. */
  readonly version: string;
}

/** What the caches of the controller hold of one namespace. */
export interface NamespaceView {
  readonly namespace: V1Namespace;
  /** Undefined: not known yet. */
  readonly podsInjected: PodsInjected | undefined;
  readonly statefulSet: V1StatefulSet | undefined;
  /** Its quotas and LimitRanges; undefined: not known yet. */
  readonly rules: NamespaceFacts | undefined;
  readonly classes: readonly V1StorageClass[];
  /** Somebody may have changed what was applied. */
  readonly isSuspect: boolean;
}

interface Outcome {
  readonly certificate: Issued | Error | undefined;
  readonly faults: readonly unknown[];
  /** What the API server has against the claim. */
  readonly claimFault: string | undefined;
}

interface Fault {
  readonly object: KubernetesObject;
  readonly error: unknown;
}

interface Issued {
  readonly endMs: number;
  readonly authorities: string;
}

export class Aggregators {
  readonly #parts: AggregatorsParts;
  /** What was applied last in each namespace without a fault, and the certificate that was seen then. */
  readonly #applied = new Map<
    string,
    Pick<Outcome, 'claimFault'> & { readonly objects: string; readonly certificate: Issued | undefined }
  >();

  constructor(parts: AggregatorsParts) {
    this.#parts = parts;
  }

  /** Rejects where something could not be written, once everything else is. */
  async reconcile(view: NamespaceView): Promise<void> {
    const { writer, settings } = this.#parts;
    const name = view.namespace.metadata?.name ?? '';
    const claim = await writer.read<V1PersistentVolumeClaim>(claimObject(name, settings.storage) as never);
    const wish = storageWish(view.namespace, settings.storage);
    const storage = storageOf({ wish, claim, classes: view.classes, statefulSet: view.statefulSet });
    const objects: readonly KubernetesObject[] = [
      ...accessObjects(view.namespace),
      ...networkObjects(name),
      ...(storage.kind === 'claim' ? [claimObject(name, storage)] : []),
      ...programObjects(name, settings, storage, { existing: view.statefulSet, rules: view.rules }),
    ];
    const done = await this.#bringAbout(name, objects, { ...view, claim });
    const { certificate, faults, claimFault } = done;
    // What keeps this from being read keeps nothing else from being told.
    const trouble = isReady(view.statefulSet)
      ? undefined
      : await troubleOf(writer, name, this.#parts.clock.wallMs()).catch(() => undefined);
    const observed = { ...view, storage, certificate, claim, claimFault, trouble };
    await this.#tell(name, observed, certificate instanceof Error ? undefined : certificate?.authorities);
    if (faults.length > 0) throw faults[0];
  }

  /** A namespace's pods come and go far more often than anything of its aggregator changes. */
  async #bringAbout(
    namespace: string,
    objects: readonly KubernetesObject[],
    { isSuspect, claim }: Pick<NamespaceView, 'isSuspect'> & Pick<Observed, 'claim'>,
  ): Promise<Outcome> {
    const text = JSON.stringify(objects);
    const last = this.#applied.get(namespace);
    if (!isSuspect && last?.objects === text) return { ...last, faults: [] };
    this.#applied.delete(namespace);
    const certificate = await this.#certificate(namespace);
    const all = await this.#applyAll(objects);
    const ofClaim = all.find(({ object, error }) => object.kind === CLAIM_KIND && isRefusal(error));
    const claimFault = ofClaim && (failureMessage(ofClaim.error) ?? String(ofClaim.error));
    // A claim that is there goes on as it is: trying again and again would not change it.
    const grave = all.filter((one) => one !== ofClaim || claim === undefined);
    const faults = grave.map(({ error }) => error);
    if (certificate instanceof Error) faults.push(certificate);
    else if (faults.length === 0) this.#applied.set(namespace, { objects: text, certificate, claimFault });
    return { certificate, faults, claimFault };
  }

  /** One that is refused keeps none of the others away. */
  async #applyAll(objects: readonly KubernetesObject[]): Promise<Fault[]> {
    const faults: Fault[] = [];
    for (const object of objects) {
      try {
        await this.#parts.writer.apply(object);
      } catch (error) {
        faults.push({ object, error });
      }
    }
    return faults;
  }

  async #certificate(namespace: string): Promise<Issued | Error | undefined> {
    try {
      return await this.#parts.certificates?.ensure(namespace);
    } catch (error) {
      return error as Error;
    }
  }

  async #tell(namespace: string, observed: Observed, authorities: string | undefined): Promise<void> {
    const { writer, version, clock } = this.#parts;
    const place = { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadataIn(namespace, STATUS_CONFIG_MAP) };
    const found = await writer.read<V1ConfigMap>(place as never);
    const before = statusIn(found);
    const now = new Date(clock.wallMs()).toISOString();
    const after = nextStatus(before, conditionsOf(observed), { version, now });
    const isTrusted = authorities === undefined || found?.data?.[AUTHORITY_KEY] === authorities;
    if (after === undefined && isTrusted) return;
    const status = after ?? before;
    const authority = authorities ?? found?.data?.[AUTHORITY_KEY];
    const data = {
      [STATUS_KEY]: JSON.stringify(status, undefined, 2),
      ...(authority !== undefined && { [AUTHORITY_KEY]: authority }),
    };
    await writer.apply({ ...place, data } as V1ConfigMap);
    if (after === undefined) return;
    const told = turnedBad(before, after).map((condition) => this.#event(namespace, condition, observed));
    await Promise.all(told);
  }

  #event(
    namespace: string,
    { reason, message }: StatusCondition,
    { statefulSet }: Observed,
  ): Promise<unknown> {
    const at = new Date(this.#parts.clock.wallMs());
    return this.#parts.writer.create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${AGGREGATOR_NAME}.${randomBytes(8).toString('hex')}`, namespace },
      involvedObject: {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        name: AGGREGATOR_NAME,
        namespace,
        uid: statefulSet?.metadata?.uid,
      },
      type: 'Warning',
      reason,
      message: message.slice(0, 1024),
      source: { component: 'podometer-controller' },
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
    } as KubernetesObject);
  }
}

/** What somebody else wrote there counts as nothing. */
function statusIn(found: V1ConfigMap | undefined): NamespaceStatus | undefined {
  try {
    const status: unknown = JSON.parse(found?.data?.[STATUS_KEY] ?? '');
    return Value.Check(NamespaceStatus, status) ? status : undefined;
  } catch {
    return undefined;
  }
}
