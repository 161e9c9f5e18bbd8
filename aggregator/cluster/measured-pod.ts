/** What is kept of a pod of the namespace, of the many things that its object tells. */
import type {
  KubernetesObject,
  V1Container,
  V1ContainerStatus,
  V1Pod,
  V1PodCondition,
  V1ResourceRequirements,
} from '@kubernetes/client-node';
import { AGENT_CONTAINER, agentEnvironment } from '../../protocol/names.ts';
import type {
  ContainerSpell,
  OwnerReference,
  Pod,
  PodContainer,
  ResourceAmounts,
} from '../../protocol/pods.ts';
import { moment } from './moment.ts';
import { podSpells } from './spells.ts';

const MOST_MESSAGE = 1024;

/** Small enough that thousands may stay in memory. */
export interface MeasuredPod extends KubernetesObject {
  /** What its agent says of it; undefined: a pod without an agent. */
  readonly measured?: { readonly run: string; readonly pod: Pod };
}

/** `pod`: as a list or a watch brought it. */
export function measuredPod(pod: V1Pod): MeasuredPod {
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = pod.metadata ?? {};
  const run = runOf(pod);
  return {
    metadata: { name, namespace, uid, resourceVersion },
    ...(run !== undefined && { measured: { run, pod: podOf(pod) } }),
  };
}

/** The run that the agent is told to send for: the kubelet resolves its environment by the same rule. */
function runOf({ metadata = {}, spec }: V1Pod): string | undefined {
  const all = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const agent = all.find(({ name }) => name === AGENT_CONTAINER);
  if (agent === undefined) return undefined;
  const variable = agent.env?.find(({ name }) => name === agentEnvironment.runId);
  const path = variable?.valueFrom?.fieldRef?.fieldPath ?? '';
  const [, kind, key = ''] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path) ?? [];
  const value =
    kind === undefined
      ? variable?.value?.replaceAll('$$', '$')
      : metadata[kind as 'labels' | 'annotations']?.[key];
  return value || metadata.uid;
}

function podOf({ metadata = {}, spec, status }: V1Pod): Pod {
  const { name = '', uid = '', creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  const condition = (type: string) => status?.conditions?.find((one) => one.type === type);
  const given = {
    node: spec?.nodeName,
    owner: ownerOf(metadata.ownerReferences),
    reason: status?.reason,
    message: status?.message?.slice(0, MOST_MESSAGE),
    createdAt: moment(creationTimestamp),
    scheduledAt: since(condition('PodScheduled')),
    readyAt: since(condition('Ready')),
    deletedAt: deletedAt(moment(deletionTimestamp), deletionGracePeriodSeconds),
    disruption: disruptionOf(condition('DisruptionTarget')),
  };
  return {
    name,
    uid,
    phase: (status?.phase as Pod['phase'] | undefined) ?? 'Unknown',
    ...known(given),
    containers: containersOf(spec, status),
  };
}

/** Without the fields that are undefined or empty. */
function known<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const found = Object.entries(fields).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  return Object.fromEntries(found) as { [K in keyof T]?: NonNullable<T[K]> };
}

function ownerOf(references: NonNullable<V1Pod['metadata']>['ownerReferences']): OwnerReference | undefined {
  const owner = references?.find(({ controller }) => controller === true);
  if (owner === undefined) return undefined;
  const { apiVersion, kind, name, uid } = owner;
  return { apiVersion, kind, name, uid };
}

function since(condition: V1PodCondition | undefined): string | undefined {
  return condition?.status === 'True' ? moment(condition.lastTransitionTime) : undefined;
}

/** `deletionTimestamp` is when its time to end in peace is over. */
function deletedAt(deadline: string | undefined, graceSeconds = 0): string | undefined {
  return deadline && new Date(Date.parse(deadline) - graceSeconds * 1000).toISOString();
}

function disruptionOf(condition: V1PodCondition | undefined): Pod['disruption'] {
  const at = since(condition);
  if (at === undefined) return undefined;
  const message = condition?.message?.slice(0, MOST_MESSAGE);
  return { at, reason: condition?.reason ?? '', ...(message && { message }) };
}

function containersOf(spec: V1Pod['spec'], status: V1Pod['status']): PodContainer[] {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const of = (container: V1Container, role: PodContainer['role']): PodContainer[] => {
    if (container.name === AGENT_CONTAINER) return [];
    return [
      containerOf(
        container,
        role,
        statuses.find(({ name }) => name === container.name),
      ),
    ];
  };
  return [
    ...(spec?.initContainers ?? []).flatMap((one) =>
      of(one, one.restartPolicy === 'Always' ? 'sidecar' : 'init'),
    ),
    ...(spec?.containers ?? []).flatMap((one) => of(one, 'main')),
  ];
}

function containerOf(
  { name, image = '', resources }: V1Container,
  role: PodContainer['role'],
  status: V1ContainerStatus | undefined,
): PodContainer {
  const { requests, limits } = amountsOf(resources);
  return {
    name,
    role,
    image,
    ...known({ imageId: status?.imageID, requests, limits, waiting: status?.state?.waiting?.reason }),
    restarts: status?.restartCount ?? 0,
    spells: status === undefined ? ([] as ContainerSpell[]) : podSpells(status),
  };
}

function amountsOf(resources: V1ResourceRequirements | undefined): {
  readonly requests: ResourceAmounts | undefined;
  readonly limits: ResourceAmounts | undefined;
} {
  const amounts = (given: Readonly<Record<string, string>> | undefined): ResourceAmounts | undefined => {
    const { cpu, memory } = given ?? {};
    return cpu === undefined && memory === undefined ? undefined : known({ cpu, memory });
  };
  return { requests: amounts(resources?.requests), limits: amounts(resources?.limits) };
}
