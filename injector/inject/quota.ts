/** Whether a pod fits into what is left of its namespace's ResourceQuotas: as the quota plugin judges after mutation. */
import type {
  V1PodSpec,
  V1ResourceQuota,
  V1ScopedResourceSelectorRequirement,
} from '@kubernetes/client-node';
import { type Bound, containerDemand, containersOf, podDemand, qosClass } from './pod-demand.ts';
import { amountOf } from './quantity.ts';

/** Resources that every container must state once a quota counts them. */
const STATED = ['cpu', 'memory'];
const PODS = ['pods', 'count/pods'];

/** Of the quotas that count this pod, the least that is left for it; undefined where none counts the resource. */
export function quotaLeft(
  spec: V1PodSpec,
  quotas: readonly V1ResourceQuota[],
  bound: Bound,
  resource: string,
): number | undefined {
  const left = quotas
    .filter((quota) => isCounted(spec, quota))
    .flatMap((quota) =>
      Object.keys(hardOf(quota))
        .filter((counted) => demandOf(counted)?.bound === bound && demandOf(counted)?.resource === resource)
        .map((counted) => leftOf(quota, counted, resource)),
    );
  return left.length === 0 ? undefined : Math.min(...left);
}

/** One sentence for each rule that the pod breaks. */
export function quotaViolations(spec: V1PodSpec, quotas: readonly V1ResourceQuota[]): string[] {
  return quotas
    .filter((quota) => isCounted(spec, quota))
    .flatMap((quota) => Object.keys(hardOf(quota)).flatMap((counted) => violation(spec, quota, counted)));
}

function violation(spec: V1PodSpec, quota: V1ResourceQuota, counted: string): string[] {
  const name = quota.metadata?.name ?? '';
  if (PODS.includes(counted)) {
    return leftOf(quota, counted, counted) >= 1 ? [] : [`quota ${name} has no more ${counted}`];
  }
  const demand = demandOf(counted);
  if (demand === undefined) return [];
  const { bound, resource } = demand;
  const silent = containersOf(spec).filter(
    (container) => containerDemand(container, bound, resource) === undefined,
  );
  const isStatedForPod = spec.resources?.[bound]?.[resource] !== undefined;
  if (STATED.includes(resource) && silent.length > 0 && !isStatedForPod) {
    return silent.map((container) => `quota ${name} asks container ${container.name} to state ${counted}`);
  }
  const asked = (podDemand(spec, bound, resource) ?? 0) + overheadOf(spec, resource);
  return asked <= leftOf(quota, counted, resource) ? [] : [`quota ${name} has not enough ${counted} left`];
}

/** A pod's overhead counts for its limits only where it has one; to count it always leaves a little more room unused. */
export function overheadOf(spec: V1PodSpec, resource: string): number {
  return amountOf(resource, spec.overhead?.[resource]) ?? 0;
}

/** `cpu` and `requests.cpu` are the same thing. Undefined: what is counted is nothing of a container's. */
function demandOf(counted: string): { bound: Bound; resource: string } | undefined {
  const [, prefix, named] = /^(requests|limits)\.(.+)$/.exec(counted) ?? [];
  if (named === 'storage') return undefined;
  if (named !== undefined) return { bound: prefix as Bound, resource: named };
  const isOfContainers =
    [...STATED, 'ephemeral-storage'].includes(counted) || counted.startsWith('hugepages-');
  return isOfContainers ? { bound: 'requests', resource: counted } : undefined;
}

function hardOf(quota: V1ResourceQuota): Record<string, string> {
  return quota.spec?.hard ?? {};
}

function leftOf(quota: V1ResourceQuota, counted: string, resource: string): number {
  const hard = amountOf(resource, hardOf(quota)[counted]) ?? 0;
  return hard - (amountOf(resource, quota.status?.used?.[counted]) ?? 0);
}

function isCounted(spec: V1PodSpec, quota: V1ResourceQuota): boolean {
  const named = (quota.spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' }));
  const selected = quota.spec?.scopeSelector?.matchExpressions ?? [];
  return [...named, ...selected].every((scope) => isInScope(spec, scope));
}

function isInScope(spec: V1PodSpec, scope: V1ScopedResourceSelectorRequirement): boolean {
  switch (scope.scopeName) {
    case 'Terminating':
      return spec.activeDeadlineSeconds !== undefined;
    case 'NotTerminating':
      return spec.activeDeadlineSeconds === undefined;
    case 'BestEffort':
      return qosClass(spec) === 'BestEffort';
    case 'NotBestEffort':
      return qosClass(spec) !== 'BestEffort';
    case 'PriorityClass':
      return isSelected(spec.priorityClassName, scope);
    case 'CrossNamespacePodAffinity':
      return crossesNamespaces(spec);
    default:
      // Scopes of other kinds of objects (volumes) count no pod.
      return false;
  }
}

function isSelected(value: string | undefined, scope: V1ScopedResourceSelectorRequirement): boolean {
  const isListed = value !== undefined && (scope.values ?? []).includes(value);
  switch (scope.operator) {
    case 'In':
      return isListed;
    case 'NotIn':
      return !isListed;
    case 'DoesNotExist':
      return value === undefined || value === '';
    default:
      return value !== undefined && value !== '';
  }
}

function crossesNamespaces({ affinity }: V1PodSpec): boolean {
  const terms = [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap((side) => [
    ...(side?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(side?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      ({ podAffinityTerm }) => podAffinityTerm,
    ),
  ]);
  return terms.some((term) => (term.namespaces?.length ?? 0) > 0 || term.namespaceSelector !== undefined);
}
