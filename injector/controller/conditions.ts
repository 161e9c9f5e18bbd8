/** How an aggregator is, as the conditions of its namespace. */
import type { V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import { INJECTED_ANNOTATION } from '../../protocol/names.ts';
import type { NamespaceStatus, StatusCondition } from '../../protocol/status.ts';
import type { Storage } from './objects/storage.ts';

export interface Observed {
  readonly statefulSet: V1StatefulSet | undefined;
  /** `Bound`, `Pending`, …; undefined where there is no claim. */
  readonly claimPhase: string | undefined;
  readonly storage: Storage;
  /** Undefined: this injector makes no certificates. An error: it could not. */
  readonly certificate: { readonly endMs: number } | Error | undefined;
  /** Those that ask to be measured. */
  readonly pods: readonly V1Pod[];
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

/** Conditions that are false now and were not. */
export function turnedBad(before: NamespaceStatus | undefined, after: NamespaceStatus): StatusCondition[] {
  const wasBad = (type: string) =>
    before?.conditions.some((one) => one.type === type && one.status === 'False') ?? false;
  // It is not ready when it has just been made, and nobody has to know.
  const isNew = before === undefined;
  return after.conditions.filter(
    ({ type, status }) => status === 'False' && !wasBad(type) && !(isNew && type === 'AggregatorReady'),
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

function injected({ pods }: Observed): Finding {
  const type = 'PodsInjected';
  const without = pods.filter(({ metadata }) => metadata?.annotations?.[INJECTED_ANNOTATION] === undefined);
  const counted = `${pods.length - without.length} of ${pods.length} labelled pods have the agent.`;
  if (without.length === 0) return { type, status: 'True', reason: 'All', message: counted };
  const first = without.map(({ metadata }) => metadata?.name ?? '').sort()[0];
  const mend =
    'Events on their owners say why, where they were left alone; the others get it when they are made anew';
  return { type, status: 'False', reason: 'SomeWithout', message: `${counted} ${mend}: ${first} is one.` };
}
