/** Reads what `podometer status` tells from the API server. */
import {
  AdmissionregistrationV1Api,
  AppsV1Api,
  CoreV1Api,
  type KubeConfig,
  type V1ConfigMap,
  type V1Pod,
} from '@kubernetes/client-node';
import Value from 'typebox/value';
import { answeredWithin } from '../../lib/cluster/api-access.ts';
import { PodometerError } from '../../protocol/errors.ts';
import {
  AGGREGATOR_POD,
  INJECTED_ANNOTATION,
  PROFILE_LABEL,
  STATUS_CONFIG_MAP,
} from '../../protocol/names.ts';
import { NamespaceStatus, STATUS_KEY, type StatusCondition } from '../../protocol/status.ts';
import { requireNamespace, whyNotReady } from '../cluster/aggregator-pod.ts';
import { ANSWER_MS, ifThere, look } from '../cluster/api-read.ts';
import type { ClusterStatus, NamespaceReport, PartStatus } from './cluster-status.ts';

const OURS = 'app.kubernetes.io/name=podometer';
const INJECTOR = `${OURS},app.kubernetes.io/component=injector`;
const VERSION_LABEL = 'app.kubernetes.io/version';
const MAY_NOT_BE_READ: PartStatus = { state: 'unknown', detail: 'it may not be read with your role' };

/**
 * `namespace`: that one alone; undefined: every one that has an aggregator. What else may not be read is unknown. Throws
 * PODO_NAMESPACE_NOT_FOUND and PODO_CLUSTER_….
 */
export async function readClusterStatus(
  config: KubeConfig,
  namespace: string | undefined,
  nowMs: number,
): Promise<ClusterStatus> {
  const core = config.makeApiClient(CoreV1Api);
  const [{ version, injector }, webhook, namespaces] = await Promise.all([
    readInjector(config.makeApiClient(AppsV1Api)),
    readWebhook(config.makeApiClient(AdmissionregistrationV1Api)),
    namespace === undefined ? everyNamespace(core, nowMs) : oneNamespace(core, namespace, nowMs),
  ]);
  return { version, injector, webhook, namespaces };
}

async function readInjector(api: AppsV1Api): Promise<Pick<ClusterStatus, 'version' | 'injector'>> {
  const found = await look('the Deployments of all namespaces', () =>
    api.listDeploymentForAllNamespaces({ labelSelector: INJECTOR }, answeredWithin(ANSWER_MS)),
  );
  if (typeof found === 'string') return { version: undefined, injector: MAY_NOT_BE_READ };
  const [deployment] = found.items;
  if (deployment === undefined) {
    const detail = 'no namespace has its Deployment; helm install makes it';
    return { version: undefined, injector: { state: 'missing', detail } };
  }
  const { metadata, status: { readyReplicas = 0, replicas = 0 } = {} } = deployment;
  const detail = `${readyReplicas} of ${replicas} ready in namespace ${metadata?.namespace}`;
  return {
    version: metadata?.labels?.[VERSION_LABEL],
    injector: { state: readyReplicas > 0 ? 'ready' : 'failing', detail },
  };
}

async function readWebhook(api: AdmissionregistrationV1Api): Promise<PartStatus> {
  const found = await look('the MutatingWebhookConfigurations', () =>
    api.listMutatingWebhookConfiguration({ labelSelector: OURS }, answeredWithin(ANSWER_MS)),
  );
  if (typeof found === 'string') return MAY_NOT_BE_READ;
  const [configuration] = found.items;
  if (configuration === undefined) {
    return { state: 'missing', detail: 'no MutatingWebhookConfiguration is of podometer' };
  }
  const hasAuthority = configuration.webhooks?.every(({ clientConfig }) => clientConfig.caBundle) ?? false;
  return hasAuthority
    ? { state: 'ready', detail: 'labelled pods are shown to the injector' }
    : { state: 'failing', detail: 'its caBundle is empty, so the API server does not trust the injector' };
}

async function everyNamespace(core: CoreV1Api, nowMs: number): Promise<NamespaceReport[]> {
  const fieldSelector = `metadata.name=${STATUS_CONFIG_MAP}`;
  const found = await look('the ConfigMaps of all namespaces', () =>
    core.listConfigMapForAllNamespaces({ fieldSelector }, answeredWithin(ANSWER_MS)),
  );
  if (typeof found === 'string') {
    throw new PodometerError(
      'PODO_CLUSTER_REFUSED',
      'You may not list the ConfigMaps of all namespaces',
      'Name one that you may look into: podometer status -n NAMESPACE.',
    );
  }
  const byName = new Map(found.items.map((item) => [item.metadata?.namespace ?? '', item]));
  return Promise.all([...byName.keys()].sort().map((name) => reportOf(core, name, byName.get(name), nowMs)));
}

async function oneNamespace(core: CoreV1Api, namespace: string, nowMs: number): Promise<NamespaceReport[]> {
  const found = await ifThere(`ConfigMap ${namespace}/${STATUS_CONFIG_MAP}`, () =>
    core.readNamespacedConfigMap({ name: STATUS_CONFIG_MAP, namespace }, answeredWithin(ANSWER_MS)),
  );
  if (found === undefined) await requireNamespace(core, namespace);
  return [await reportOf(core, namespace, found, nowMs)];
}

async function reportOf(
  core: CoreV1Api,
  namespace: string,
  configMap: V1ConfigMap | undefined,
  nowMs: number,
): Promise<NamespaceReport> {
  const labelSelector = `${PROFILE_LABEL}=true`;
  const [pod, labelled] = await Promise.all([
    look(`pod ${namespace}/${AGGREGATOR_POD}`, () =>
      core.readNamespacedPod({ name: AGGREGATOR_POD, namespace }, answeredWithin(ANSWER_MS)),
    ),
    look(`the pods of ${namespace}`, () =>
      core.listNamespacedPod({ namespace, labelSelector }, answeredWithin(ANSWER_MS)),
    ),
  ]);
  return {
    namespace,
    aggregator: aggregatorStatus(pod, configMap, nowMs),
    conditions: configMap === undefined ? [] : conditionsOf(configMap),
    pods:
      typeof labelled === 'string'
        ? undefined
        : { labelled: labelled.items.length, injected: labelled.items.filter(isInjected).length },
  };
}

function aggregatorStatus(
  pod: V1Pod | 'absent' | 'forbidden',
  configMap: V1ConfigMap | undefined,
  nowMs: number,
): PartStatus {
  if (pod === 'forbidden') return MAY_NOT_BE_READ;
  if (pod === 'absent' && configMap === undefined) return { state: 'missing', detail: 'there is none' };
  const why = whyNotReady(pod === 'absent' ? undefined : pod, nowMs);
  return why === undefined
    ? { state: 'ready', detail: 'its pod is ready' }
    : { state: 'failing', detail: why };
}

function isInjected({ metadata }: V1Pod): boolean {
  return metadata?.annotations?.[INJECTED_ANNOTATION] !== undefined;
}

/** A status whose form is not known is told as a condition of its own. */
function conditionsOf({ data, metadata }: V1ConfigMap): readonly StatusCondition[] {
  const status = parsed(data?.[STATUS_KEY] ?? '');
  if (Value.Check(NamespaceStatus, status)) return status.conditions;
  return [
    {
      type: 'StatusReadable',
      status: 'False',
      reason: 'UnknownForm',
      message: `What ConfigMap ${STATUS_CONFIG_MAP} tells cannot be read by this podometer.`,
      lastTransitionTime: new Date(metadata?.creationTimestamp ?? 0).toISOString(),
    },
  ];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
