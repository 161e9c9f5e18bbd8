/** Reads what `podometer status` tells from the API server. */
import {
  AdmissionregistrationV1Api,
  AppsV1Api,
  CoreV1Api,
  type KubeConfig,
  type V1ConfigMap,
  type V1Deployment,
  type V1Pod,
} from '@kubernetes/client-node';
import Value from 'typebox/value';
import { answeredWithin, failureStatus } from '../../lib/cluster/api-access.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { AGGREGATOR_POD, INJECTED_ANNOTATION, PROFILE_LABEL, STATUS_CONFIG_MAP } from '../../protocol/names.ts';
import { NamespaceStatus, type StatusCondition } from '../../protocol/status.ts';
import { whyNot } from '../cluster/aggregator-pod.ts';
import { apiFailure } from '../cluster/api-failure.ts';
import type { ClusterStatus, NamespaceReport, PartStatus } from './cluster-status.ts';

const ASK_MS = 15_000;
const OURS = 'app.kubernetes.io/name=podometer';
const INJECTOR = `${OURS},app.kubernetes.io/component=injector`;
const VERSION_LABEL = 'app.kubernetes.io/version';

/**
 * `namespace`: that one alone; undefined: every one that has an aggregator. What else may not be read is unknown. Throws
 * PODO_NAMESPACE_NOT_FOUND and PODO_CLUSTER_….
 */
export async function readClusterStatus(
  config: KubeConfig,
  namespace: string | undefined,
): Promise<ClusterStatus> {
  const core = config.makeApiClient(CoreV1Api);
  const [deployments, webhook, namespaces] = await Promise.all([
    ifAllowed('the Deployments', () =>
      config
        .makeApiClient(AppsV1Api)
        .listDeploymentForAllNamespaces({ labelSelector: INJECTOR }, answeredWithin(ASK_MS)),
    ),
    readWebhook(config),
    namespace === undefined ? everyNamespace(core) : oneNamespace(core, namespace),
  ]);
  const injector = deployments?.items[0];
  return {
    version: injector?.metadata?.labels?.[VERSION_LABEL],
    injector: deployments === undefined ? MAY_NOT_BE_READ : injectorStatus(injector),
    webhook,
    namespaces,
  };
}

const MAY_NOT_BE_READ: PartStatus = { state: 'unknown', detail: 'it may not be read with your role' };

function injectorStatus(injector: V1Deployment | undefined): PartStatus {
  if (injector === undefined) {
    return { state: 'missing', detail: 'no namespace has its Deployment; helm install makes it' };
  }
  const { readyReplicas = 0, replicas = 0 } = injector.status ?? {};
  const detail = `${readyReplicas} of ${replicas} ready in namespace ${injector.metadata?.namespace}`;
  return { state: readyReplicas > 0 ? 'ready' : 'failing', detail };
}

async function readWebhook(config: KubeConfig): Promise<PartStatus> {
  const found = await ifAllowed('the webhook configurations', () =>
    config
      .makeApiClient(AdmissionregistrationV1Api)
      .listMutatingWebhookConfiguration({ labelSelector: OURS }, answeredWithin(ASK_MS)),
  );
  if (found === undefined) return MAY_NOT_BE_READ;
  const [configuration] = found.items;
  if (configuration === undefined) {
    return { state: 'missing', detail: 'no MutatingWebhookConfiguration is of podometer' };
  }
  const hasAuthority = configuration.webhooks?.every(({ clientConfig }) => clientConfig.caBundle) ?? false;
  return hasAuthority
    ? { state: 'ready', detail: 'the API server asks it, and can check its certificate' }
    : { state: 'failing', detail: 'its caBundle is empty, so the API server cannot trust the injector' };
}

async function everyNamespace(core: CoreV1Api): Promise<NamespaceReport[]> {
  const fieldSelector = `metadata.name=${STATUS_CONFIG_MAP}`;
  const { items } = await asked('the ConfigMaps of all namespaces', () =>
    core.listConfigMapForAllNamespaces({ fieldSelector }, answeredWithin(ASK_MS)),
  );
  const names = items.map(({ metadata }) => metadata?.namespace ?? '').sort();
  const byName = new Map(items.map((item) => [item.metadata?.namespace, item]));
  return Promise.all(names.map((name) => reportOf(core, name, byName.get(name))));
}

async function oneNamespace(core: CoreV1Api, namespace: string): Promise<NamespaceReport[]> {
  const found = await ifThere('its ConfigMap', () =>
    core.readNamespacedConfigMap({ name: STATUS_CONFIG_MAP, namespace }, answeredWithin(ASK_MS)),
  );
  if (found === undefined) await requireNamespace(core, namespace);
  return [await reportOf(core, namespace, found)];
}

async function requireNamespace(core: CoreV1Api, name: string): Promise<void> {
  const found = await ifAllowed('the namespace', async () => ({
    it: await ifThere('the namespace', () => core.readNamespace({ name }, answeredWithin(ASK_MS))),
  }));
  if (found === undefined || found.it !== undefined) return;
  throw namespaceNotFound(name);
}

async function reportOf(
  core: CoreV1Api,
  namespace: string,
  configMap: V1ConfigMap | undefined,
): Promise<NamespaceReport> {
  const [pod, labelled] = await Promise.all([
    ifAllowed('its pods', async () => ({
      it: await ifThere('its pod', () =>
        core.readNamespacedPod({ name: AGGREGATOR_POD, namespace }, answeredWithin(ASK_MS)),
      ),
    })),
    ifAllowed('its pods', () =>
      core.listNamespacedPod({ namespace, labelSelector: `${PROFILE_LABEL}=true` }, answeredWithin(ASK_MS)),
    ),
  ]);
  return {
    namespace,
    aggregator: pod === undefined ? MAY_NOT_BE_READ : aggregatorStatus(pod.it, configMap),
    conditions: configMap === undefined ? [] : conditionsOf(configMap),
    pods: labelled && {
      labelled: labelled.items.length,
      injected: labelled.items.filter(isInjected).length,
    },
  };
}

function aggregatorStatus(pod: V1Pod | undefined, configMap: V1ConfigMap | undefined): PartStatus {
  if (pod === undefined && configMap === undefined) return { state: 'missing', detail: 'none' };
  const why = whyNot(pod);
  return why === undefined ? { state: 'ready', detail: 'ready' } : { state: 'failing', detail: why };
}

function isInjected({ metadata }: V1Pod): boolean {
  return metadata?.annotations?.[INJECTED_ANNOTATION] !== undefined;
}

/** Those of a controller whose form is not known are told as one that fails. */
function conditionsOf({ data, metadata }: V1ConfigMap): readonly StatusCondition[] {
  const text = data?.status;
  // The controller has made the ConfigMap, and not yet looked at all.
  if (text === undefined) return [];
  try {
    const status: unknown = JSON.parse(text);
    if (Value.Check(NamespaceStatus, status)) return status.conditions;
  } catch {
    // Told below, as any other form that is not known.
  }
  return [
    {
      type: 'StatusReadable',
      status: 'False',
      reason: 'UnknownForm',
      message: `ConfigMap ${STATUS_CONFIG_MAP} has a status that this podometer cannot read.`,
      lastTransitionTime: metadata?.creationTimestamp?.toISOString() ?? '',
    },
  ];
}
