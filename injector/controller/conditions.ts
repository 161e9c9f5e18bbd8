/** How an aggregator is, as the conditions of its namespace. */
import type { V1StatefulSet } from '@kubernetes/client-node';
import type { NamespaceStatus, StatusCondition } from '../../protocol/status.ts';
import type { Storage } from './objects/storage.ts';
import type { PodsInjected } from './pods/slipped-through.ts';

export interface Observed {
  readonly statefulSet: V1StatefulSet | undefined;
  /** `Bound`, `Pending`, …; undefined where there is no claim. */
  readonly claimPhase: string | undefined;
  readonly storage: Storage;
  /** Undefined: this injector makes no certificates. An error: it could not. */
  readonly certificate: { readonly endMs: number } | Error | undefined;
  /** Undefined: not known yet. */
  readonly podsInjected: PodsInjected | undefined;
}

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

function ready({ statefulSet }: Observed): Finding {
  const isReady = (statefulSet?.status?.readyReplicas ?? 0) > 0;
  return isReady
    ? { type: 'AggregatorReady', status: 'True', reason: 'Ready', message: 'The aggregator answers.' }
    : {
        type: 'AggregatorReady',
        status: 'False',
        reason: 'NotReady',
        message: 'The aggregator does not answer yet; agents keep what they measure in their spools.',
      };
}

function stored({ storage, claimPhase }: Observed): Finding {
  const type = 'StorageReady';
  if (storage.kind === 'empty-dir') {
    return { type, status: 'False', reason: 'NoStorageClass', message: storage.reservation ?? '' };
  }
  if (claimPhase !== 'Bound') {
    const message = `The claim is ${claimPhase ?? 'not made yet'}; the aggregator starts once it is bound.`;
    return { type, status: 'False', reason: 'ClaimNotBound', message };
  }
  return storage.reservation === undefined
    ? { type, status: 'True', reason: 'Bound', message: `The history is kept in a claim of ${storage.size}.` }
    : { type, status: 'True', reason: 'NotAsAskedFor', message: storage.reservation };
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
