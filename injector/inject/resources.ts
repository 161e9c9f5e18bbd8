/**
 * What the agent's container asks for: what was wanted, raised or lowered to what the namespace's LimitRanges, quotas
 * and the pod's own class and bounds allow. What comes out is judged once more by limit-range.ts and quota.ts.
 */
import type { V1PodSpec, V1ResourceRequirements } from '@kubernetes/client-node';
import type { NamespaceFacts } from './facts.ts';
import { defaultedResources, type Limits, limitsOf } from './limit-range.ts';
import {
  type Bound,
  containerDemand,
  containersDemand,
  containersOf,
  qosClass,
  statesOwnDemand,
} from './pod-demand.ts';
import { amountOf, quantityText } from './quantity.ts';
import { overheadOf, quotaLeft } from './quota.ts';
import { type Amounts, type Ask, fit, type Range, type Window } from './resource-window.ts';
import type { AgentResources } from './settings.ts';

const MEBI = 2 ** 20;
const DISK = 'ephemeral-storage';

/** Under these the agent is stopped for want of memory or disk, or misses most of its ticks. */
const LEAST = {
  cpu: { request: 1, limit: 20 },
  memory: { request: MEBI, limit: 64 * MEBI },
  [DISK]: { request: MEBI, limit: MEBI },
} as const satisfies Record<string, Ask>;

type AgentResource = keyof typeof LEAST;

export interface WantedResources extends AgentResources {
  /** Whether a limit of cpu was asked for; else there is one only where something needs it. */
  readonly isCpuLimited: boolean;
  /** Of the spool's volume: it counts where the pod's use of disk is limited. */
  readonly spoolBytes: number;
}

/** In the order of preference; empty where there is no room. */
export function agentResources(
  spec: V1PodSpec,
  wanted: WantedResources,
  namespace: NamespaceFacts,
): V1ResourceRequirements[] {
  const fitted = fittedResources(spec, wanted, namespace);
  // A quota may count no pod that asks for something, or none whose containers do not all do.
  const silent = qosClass(spec) === 'BestEffort' ? [requirements({}, namespace)] : [];
  return fitted === undefined ? silent : [requirements(fitted, namespace), ...silent];
}

type Fitted = Partial<Record<AgentResource, Amounts>>;

function fittedResources(
  spec: V1PodSpec,
  wanted: WantedResources,
  namespace: NamespaceFacts,
): Fitted | undefined {
  const asked = (resource: AgentResource, request: string, limit: string): Ask => ({
    request: amountOf(resource, request) ?? 0,
    limit: amountOf(resource, limit) ?? 0,
  });
  const cpu = fit(
    asked('cpu', wanted.cpuRequest, wanted.cpuLimit),
    windowOf(spec, 'cpu', namespace, wanted.isCpuLimited),
  );
  const memory = fit(
    asked('memory', wanted.memoryRequest, wanted.memoryLimit),
    windowOf(spec, 'memory', namespace, true),
  );
  if (cpu === undefined || memory === undefined) return undefined;
  if (!countsDisk(spec, namespace)) return { cpu, memory };
  const disk = fit(
    { request: wanted.spoolBytes, limit: wanted.spoolBytes },
    windowOf(spec, DISK, namespace, true),
  );
  return disk && { cpu, memory, [DISK]: disk };
}

/** What a LimitRange would hand to every container unasked, a GPU perhaps, is declined. */
function requirements(fitted: Fitted, { limitRanges }: NamespaceFacts): V1ResourceRequirements {
  const declined = defaultedResources(limitRanges).filter((resource) => !Object.hasOwn(LEAST, resource));
  const quantities = (bound: 'request' | 'limit'): Record<string, string> =>
    Object.fromEntries([
      ...Object.entries(fitted).flatMap(([resource, { [bound]: amount }]) =>
        amount === undefined ? [] : [[resource, quantityText(resource, amount)]],
      ),
      ...declined.map((resource) => [resource, '0']),
    ]);
  const requests = quantities('request');
  const limits = quantities('limit');
  return {
    ...(Object.keys(requests).length > 0 && { requests }),
    ...(Object.keys(limits).length > 0 && { limits }),
  };
}

function windowOf(
  spec: V1PodSpec,
  resource: AgentResource,
  { limitRanges, quotas }: NamespaceFacts,
  isLimitWanted: boolean,
): Window {
  const container = limitsOf(limitRanges, 'Container', resource);
  const pod = limitsOf(limitRanges, 'Pod', resource);
  const left = (bound: Bound): number | undefined => quotaLeft(asBurstable(spec), quotas, bound, resource);
  const range = (bound: Bound, floor: number): Range => {
    const others = containersDemand(spec, bound, resource) ?? 0;
    const ofPod = amountOf(resource, spec.resources?.[bound]?.[resource]);
    // What the pod states for itself counts for it, whatever its containers ask for within.
    const ceilings =
      ofPod === undefined
        ? [roomUnder(pod.most, others), roomUnder(left(bound), others + overheadOf(spec, resource))]
        : [roomUnder(ofPod, others)];
    return {
      least: Math.max(floor, container.least ?? 0, ofPod === undefined ? (pod.least ?? 0) - others : 0),
      most: Math.min(...[container.most, ...ceilings].map((ceiling) => ceiling ?? Number.POSITIVE_INFINITY)),
    };
  };
  const isNeeded = needsLimit(container) || left('limits') !== undefined;
  return {
    request: range('requests', LEAST[resource].request),
    limit: range('limits', LEAST[resource].limit),
    ratio: Math.min(container.ratio ?? Number.POSITIVE_INFINITY, pod.ratio ?? Number.POSITIVE_INFINITY),
    isFixed: resource !== DISK && !statesOwnDemand(spec) && qosClass(spec) === 'Guaranteed',
    limitIs: isNeeded ? 'needed' : isLimitWanted ? 'wanted' : 'left out',
    mayBeSilent: statesOwnDemand(spec) && !defaultedResources(limitRanges).includes(resource),
  };
}

function needsLimit({ most, ratio, givesLimit }: Limits): boolean {
  return most !== undefined || ratio !== undefined || givesLimit;
}

function roomUnder(ceiling: number | undefined, others: number): number | undefined {
  return ceiling === undefined ? undefined : ceiling - others;
}

/** With the agent's requests the pod is not BestEffort any more: other quotas count it. */
function asBurstable(spec: V1PodSpec): V1PodSpec {
  if (qosClass(spec) !== 'BestEffort') return spec;
  const asking = { name: '', resources: { requests: { cpu: '1m' } } };
  return { ...spec, containers: [...spec.containers, asking] };
}

/** Where some container limits its disk, the kubelet holds the whole pod to the sum, the spool's volume included. */
function countsDisk(spec: V1PodSpec, { limitRanges, quotas }: NamespaceFacts): boolean {
  const isLimited = containersOf(spec).some(
    (container) => containerDemand(container, 'limits', DISK) !== undefined,
  );
  const isCounted = (['requests', 'limits'] as const).some(
    (bound) => quotaLeft(asBurstable(spec), quotas, bound, DISK) !== undefined,
  );
  return isLimited || isCounted || defaultedResources(limitRanges).includes(DISK);
}
