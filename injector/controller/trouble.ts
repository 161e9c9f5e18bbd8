/** Why an aggregator does not become ready: what its pod tells, or why it has none. */
import type { CoreV1Event, V1Pod } from '@kubernetes/client-node';
import { whyPodNotReady } from '../../lib/cluster/pod-readiness.ts';
import { AGGREGATOR_NAME, AGGREGATOR_POD } from '../../protocol/names.ts';
import type { ClusterWriter } from './cluster-writer.ts';

export interface Trouble {
  /** CamelCase, for programs. */
  readonly reason: string;
  readonly message: string;
}

/** As the kubelet alternates between the two. */
const SAME: Readonly<Record<string, string>> = { ErrImagePull: 'ImagePullBackOff' };

export async function troubleOf(
  reader: Pick<ClusterWriter, 'read' | 'eventsOn'>,
  namespace: string,
  nowMs: number,
): Promise<Trouble | undefined> {
  const place = { apiVersion: 'v1', kind: 'Pod', metadata: { name: AGGREGATOR_POD, namespace } };
  const pod = await reader.read<V1Pod>(place);
  if (pod === undefined) return refusal(await reader.eventsOn(namespace, 'StatefulSet', AGGREGATOR_NAME));
  const why = whyPodNotReady(pod, nowMs);
  if (why?.message === undefined) return undefined;
  const reason = why.reason ?? 'NotReady';
  return { reason: SAME[reason] ?? reason, message: why.message };
}

/** A pod that a quota, a LimitRange, Pod Security or a webhook does not let in is told of by an Event alone. */
function refusal(events: readonly CoreV1Event[]): Trouble | undefined {
  const last = events
    .filter(({ type, reason }) => type === 'Warning' && reason === 'FailedCreate')
    .toSorted((a, b) => timeOf(a) - timeOf(b))
    .at(-1);
  const [, said] = /failed error: (.*)$/s.exec(last?.message ?? '') ?? [];
  const message = said ?? last?.message;
  return message === undefined ? undefined : { reason: 'PodRefused', message };
}

function timeOf({ lastTimestamp, eventTime, metadata }: CoreV1Event): number {
  return new Date(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? 0).getTime();
}
