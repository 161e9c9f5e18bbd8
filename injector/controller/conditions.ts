/** How an aggregator is, as the conditions of its namespace. */
import type { V1PersistentVolumeClaim, V1StatefulSet, V1StorageClass } from '@kubernetes/client-node';
import { AGGREGATOR_NAME } from '../../protocol/names.ts';
import type { NamespaceStatus, StatusCondition } from '../../protocol/status.ts';
import { CLASS_ANNOTATION, type Storage } from './objects/storage.ts';
import type { PodsInjected } from './pods/slipped-through.ts';
import type { Trouble } from './trouble.ts';

export interface Observed {
  readonly statefulSet: V1StatefulSet | undefined;
  /** Why it is not ready; undefined where it is, or nothing tells. */
  readonly trouble: Trouble | undefined;
  readonly claim: V1PersistentVolumeClaim | undefined;
  /** What the API server has against the claim as it is wanted. */
  readonly claimFault: string | undefined;
  readonly classes: readonly V1StorageClass[];
  readonly storage: Storage;
  /** Undefined: this injector makes no certificates. An error: it could not. */
  readonly certificate: { readonly endMs: number } | Error | undefined;
  /** Undefined: not known yet. */
  readonly podsInjected: PodsInjected | undefined;
}

const LONGEST = 1024;

type Finding = Omit<StatusCondition, 'lastTransitionTime'>;

export function conditionsOf(observed: Observed): Finding[] {
  return [ready(observed), stored(observed), certified(observed), injected(observed)];
}

/** The status with these findings; undefined where it is as it was. */
export function nextStatus(
  before: NamespaceStatus | undefined,
  findings: readonly Finding[],
  { version, now }: { readonly version: string; readonly now: string },
): NamespaceStatus | undefined {
  const conditions = findings.map((finding): StatusCondition => {
    const old = before?.conditions.find(({ type }) => type === finding.type);
    return { ...finding, lastTransitionTime: old?.status === finding.status ? old.lastTransitionTime : now };
  });
  const isSame =
    before?.version === version && JSON.stringify(before.conditions) === JSON.stringify(conditions);
  return isSame ? undefined : { version, observedAt: now, conditions };
}

/** Conditions that are false now and were not. Pods without an agent are told of on their owners. */
export function turnedBad(before: NamespaceStatus | undefined, after: NamespaceStatus): StatusCondition[] {
  const wasBad = (type: string) =>
    before?.conditions.some((one) => one.type === type && one.status === 'False') ?? false;
  // It is not ready when it has just been made, and nobody has to know.
  const isNew = before === undefined;
  const untold = ['PodsInjected', ...(isNew ? ['AggregatorReady'] : [])];
  return after.conditions.filter(
    ({ type, status }) => status === 'False' && !wasBad(type) && !untold.includes(type),
  );
}

function ready({ statefulSet, trouble }: Observed): Finding {
  const type = 'AggregatorReady';
  if (isReady(statefulSet))
    return { type, status: 'True', reason: 'Ready', message: 'The aggregator answers.' };
  const why = trouble === undefined ? '' : ` Why: ${trouble.message}`;
  const message = `The aggregator does not answer yet; agents keep what they measure in their spools.${why}`;
  return { type, status: 'False', reason: trouble?.reason ?? 'NotReady', message: message.slice(0, LONGEST) };
}

export function isReady(statefulSet: V1StatefulSet | undefined): boolean {
  return (statefulSet?.status?.readyReplicas ?? 0) > 0;
}

function stored({ storage, claim, claimFault, classes }: Observed): Finding {
  const type = 'StorageReady';
  if (storage.kind === 'empty-dir') {
    return { type, status: 'False', reason: 'NoStorageClass', message: storage.reservation ?? '' };
  }
  if (claim?.status?.phase !== 'Bound') {
    return { type, status: 'False', ...unbound(claim, claimFault, classes) };
  }
  const refusal =
    claimFault === undefined ? storage.resizeRefusal : `The claim is not changed: ${claimFault}`;
  if (refusal !== undefined) return { type, status: 'False', reason: 'ResizeRefused', message: refusal };
  return storage.reservation === undefined
    ? { type, status: 'True', reason: 'Bound', message: `The history is kept in a claim of ${storage.room}.` }
    : { type, status: 'True', reason: 'NotAsAskedFor', message: storage.reservation };
}

function unbound(
  claim: V1PersistentVolumeClaim | undefined,
  fault: string | undefined,
  classes: Observed['classes'],
): Pick<Finding, 'reason' | 'message'> {
  if (claim === undefined) {
    const why = fault === undefined ? 'not made yet' : `refused: ${fault}`;
    return {
      reason: 'ClaimNotBound',
      message: `The claim is ${why}; the aggregator starts once it is bound.`,
    };
  }
  const name = claim.spec?.storageClassName;
  const isKnown = !name || classes.some(({ metadata }) => metadata?.name === name);
  if (isKnown) {
    const message = `The claim is ${claim.status?.phase ?? 'new'}; the aggregator starts once it is bound.`;
    return { reason: 'ClaimNotBound', message };
  }
  const remove = `kubectl delete pvc ${AGGREGATOR_NAME} -n ${claim.metadata?.namespace}`;
  return {
    reason: 'ClassNotFound',
    message: `The claim waits for StorageClass ${name}, which does not exist. Make it, or name another (annotation ${CLASS_ANNOTATION} on the namespace, or aggregator.storage.className) and remove the claim, which holds nothing yet: ${remove}`,
  };
}

function certified({ certificate }: Observed): Finding {
  const type = 'CertificateValid';
  if (certificate === undefined) {
    const message = 'The certificate comes from elsewhere.';
    return { type, status: 'Unknown', reason: 'NotManaged', message };
  }
  if (certificate instanceof Error) {
    return {
      type,
      status: 'False',
      reason: 'NotIssued',
      message: certificate.message.split('\n', 1)[0] ?? '',
    };
  }
  // Not the exact time, so that a new certificate alone does not change the status.
  const until = new Date(certificate.endMs).toISOString().slice(0, 10);
  return { type, status: 'True', reason: 'Issued', message: `The certificate is valid until ${until}.` };
}

function injected({ podsInjected }: Observed): Finding {
  if (podsInjected !== undefined) return podsInjected;
  const message = 'The rules of the namespace are not known yet.';
  return { type: 'PodsInjected', status: 'Unknown', reason: 'NotLookedAt', message };
}
