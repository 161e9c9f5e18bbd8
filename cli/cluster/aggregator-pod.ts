/** Finds the aggregator of a namespace, and what its certificate is checked by. */
import { CoreV1Api, type KubeConfig, type V1ConfigMap, type V1Pod } from '@kubernetes/client-node';
import { answeredWithin, failureStatus } from '../../lib/cluster/api-access.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { AGGREGATOR_NAME, AGGREGATOR_POD, STATUS_CONFIG_MAP } from '../../protocol/names.ts';
import { apiFailure } from './api-failure.ts';

const ASK_MS = 15_000;
const CA_KEY = 'ca.crt';

/**
 * The authority (PEM, several where they overlap) that the aggregator is known by, once its pod is ready. Throws PODO_NAMESPACE_NOT_FOUND, PODO_AGGREGATOR_NOT_FOUND, PODO_AGGREGATOR_NOT_READY, PODO_AGGREGATOR_UNTRUSTED where its
 * authority is not told, and PODO_CLUSTER_….
 */
export async function findAggregator(config: KubeConfig, namespace: string): Promise<string> {
  const api = config.makeApiClient(CoreV1Api);
  const status = await readOrNot(`ConfigMap ${namespace}/${STATUS_CONFIG_MAP}`, () =>
    api.readNamespacedConfigMap({ name: STATUS_CONFIG_MAP, namespace }, answeredWithin(ASK_MS)),
  );
  if (status === undefined) throw await noAggregator(api, namespace);
  const pod = await readOrNot(`pod ${namespace}/${AGGREGATOR_POD}`, () =>
    api.readNamespacedPod({ name: AGGREGATOR_POD, namespace }, answeredWithin(ASK_MS)),
  );
  requireReady(pod, namespace);
  return authorityOf(status, namespace);
}

async function readOrNot<T>(what: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (failureStatus(error) === 404) return undefined;
    throw apiFailure(what, error, () => 'Ask for a role that allows it (docs/security.md).');
  }
}

/** Whether there is a namespace may not be everybody's to know. */
async function noAggregator(api: CoreV1Api, namespace: string): Promise<PodometerError> {
  try {
    await api.readNamespace({ name: namespace }, answeredWithin(ASK_MS));
  } catch (error) {
    if (failureStatus(error) === 404) {
      return new PodometerError(
        'PODO_NAMESPACE_NOT_FOUND',
        `There is no namespace "${namespace}"`,
        'Check its name, and the cluster: `kubectl config current-context` names it.',
        { cause: error },
      );
    }
  }
  return new PodometerError(
    'PODO_AGGREGATOR_NOT_FOUND',
    `Namespace ${namespace} has no aggregator`,
    'It gets one with its first labelled pod (`podometer label`), where Podometer is installed; `podometer status` tells.',
  );
}

function requireReady(pod: V1Pod | undefined, namespace: string): void {
  const isReady = pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  if (isReady && pod?.metadata?.deletionTimestamp === undefined) return;
  throw new PodometerError(
    'PODO_AGGREGATOR_NOT_READY',
    `The aggregator of namespace ${namespace} is not ready: ${whyNot(pod)}`,
    `Wait a moment; where it lasts, \`podometer status -n ${namespace}\` and \`kubectl describe pod -n ${namespace} ${AGGREGATOR_POD}\` tell more.`,
  );
}

/** The nearest reason that its pod tells. */
export function whyNot(pod: V1Pod | undefined): string {
  if (pod === undefined) return 'it has no pod at this moment';
  if (pod.metadata?.deletionTimestamp !== undefined) return 'its pod is being replaced';
  const { phase, conditions = [], containerStatuses = [] } = pod.status ?? {};
  const waiting = containerStatuses.map(({ state }) => state?.waiting).find((one) => one !== undefined);
  const unscheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  const told = waiting ?? unscheduled;
  if (told !== undefined) return [told.reason, told.message].filter(Boolean).join(': ');
  return `its pod is ${phase ?? 'unknown'}, and not yet answering`;
}

function authorityOf({ data }: V1ConfigMap, namespace: string): string {
  const ca = data?.[CA_KEY];
  if (ca !== undefined) return ca;
  throw new PodometerError(
    'PODO_AGGREGATOR_UNTRUSTED',
    `ConfigMap ${namespace}/${STATUS_CONFIG_MAP} has no ${CA_KEY}, so the certificate of ${AGGREGATOR_NAME} cannot be checked`,
    'Upgrade Podometer in the cluster; nothing was sent.',
  );
}
