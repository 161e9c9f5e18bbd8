/** Finds the aggregator of a namespace, and what its certificate is checked by. */
import { CoreV1Api, type KubeConfig, type V1ConfigMap, type V1Pod } from '@kubernetes/client-node';
import { answeredWithin } from '../../lib/cluster/api-access.ts';
import { whyPodNotReady } from '../../lib/cluster/pod-readiness.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { AGGREGATOR_NAME, AGGREGATOR_POD, STATUS_CONFIG_MAP } from '../../protocol/names.ts';
import { AUTHORITY_KEY } from '../../protocol/status.ts';
import { ANSWER_MS, ifThere, look } from './api-read.ts';

/**
 * The authority (PEM, several where they overlap) that the aggregator is known by, once its pod is ready. Throws
 * PODO_NAMESPACE_NOT_FOUND, PODO_AGGREGATOR_NOT_FOUND, PODO_AGGREGATOR_NOT_READY, PODO_AGGREGATOR_UNTRUSTED where its authority is not told,
 * and PODO_CLUSTER_….
 */
export async function findAggregator(config: KubeConfig, namespace: string, nowMs: number): Promise<string> {
  const api = config.makeApiClient(CoreV1Api);
  const status = await ifThere(`ConfigMap ${namespace}/${STATUS_CONFIG_MAP}`, () =>
    api.readNamespacedConfigMap({ name: STATUS_CONFIG_MAP, namespace }, answeredWithin(ANSWER_MS)),
  );
  if (status === undefined) {
    await requireNamespace(api, namespace);
    throw new PodometerError(
      'PODO_AGGREGATOR_NOT_FOUND',
      `Namespace ${namespace} has no aggregator`,
      'It gets one with its first labelled pod (`podometer label`), where Podometer is installed; `podometer status` tells.',
    );
  }
  const pod = await ifThere(`pod ${namespace}/${AGGREGATOR_POD}`, () =>
    api.readNamespacedPod({ name: AGGREGATOR_POD, namespace }, answeredWithin(ANSWER_MS)),
  );
  const why = whyNotReady(pod, nowMs);
  if (why !== undefined) throw notReady(namespace, why);
  return authorityOf(status, namespace);
}

/** Throws PODO_NAMESPACE_NOT_FOUND; whether there is one may not be everybody's to know. */
export async function requireNamespace(api: CoreV1Api, name: string): Promise<void> {
  const found = await look('the namespace', () => api.readNamespace({ name }, answeredWithin(ANSWER_MS)));
  if (found !== 'absent') return;
  throw new PodometerError(
    'PODO_NAMESPACE_NOT_FOUND',
    `There is no namespace "${name}"`,
    'Check its name, and the cluster: `kubectl config current-context` names it.',
  );
}

/** The nearest reason that the aggregator's pod tells; undefined where it is ready. */
export function whyNotReady(pod: V1Pod | undefined, nowMs: number): string | undefined {
  if (pod === undefined) return 'it has no pod at this moment';
  const why = whyPodNotReady(pod, nowMs);
  return why && [why.reason, why.message].filter(Boolean).join(': ');
}

function notReady(namespace: string, why: string): PodometerError {
  return new PodometerError(
    'PODO_AGGREGATOR_NOT_READY',
    `The aggregator of namespace ${namespace} is not ready: ${why}`,
    `Wait a moment; where it lasts, \`podometer status -n ${namespace}\` and \`kubectl describe pod -n ${namespace} ${AGGREGATOR_POD}\` tell more.`,
  );
}

function authorityOf({ data }: V1ConfigMap, namespace: string): string {
  const ca = data?.[AUTHORITY_KEY];
  if (ca !== undefined) return ca;
  throw new PodometerError(
    'PODO_AGGREGATOR_UNTRUSTED',
    `ConfigMap ${namespace}/${STATUS_CONFIG_MAP} has no ${AUTHORITY_KEY}, so the certificate of ${AGGREGATOR_NAME} cannot be checked`,
    'Upgrade Podometer in the cluster; nothing was sent.',
  );
}
