/** What a pod asks of its node, counted as the API server's LimitRanger and quota do. */
import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import { amountOf } from './quantity.ts';

export type Bound = 'requests' | 'limits';
export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

export function containersOf(spec: V1PodSpec): V1Container[] {
  return [...spec.containers, ...(spec.initContainers ?? [])];
}

export function isNativeSidecar(container: V1Container): boolean {
  return container.restartPolicy === 'Always';
}

/** In millicores, bytes or pieces; undefined where the container does not say. */
export function containerDemand(
  container: Pick<V1Container, 'resources'>,
  bound: Bound,
  resource: string,
): number | undefined {
  return amountOf(resource, container.resources?.[bound]?.[resource]);
}

/**
 * Of all containers together: those that run side by side are added, and an init container counts together with the
 * sidecars before it. What the pod itself states takes the place of its containers' sum. Undefined where nobody says.
 */
export function podDemand(spec: V1PodSpec, bound: Bound, resource: string): number | undefined {
  const own = amountOf(resource, spec.resources?.[bound]?.[resource]);
  return own ?? containersDemand(spec, bound, resource);
}

export function containersDemand(spec: V1PodSpec, bound: Bound, resource: string): number | undefined {
  const demand = (container: V1Container): number => containerDemand(container, bound, resource) ?? 0;
  if (containersOf(spec).every((container) => containerDemand(container, bound, resource) === undefined)) {
    return undefined;
  }
  let sidecars = 0;
  let highestInit = 0;
  for (const container of spec.initContainers ?? []) {
    if (isNativeSidecar(container)) sidecars += demand(container);
    highestInit = Math.max(highestInit, sidecars + (isNativeSidecar(container) ? 0 : demand(container)));
  }
  const running = spec.containers.reduce((sum, container) => sum + demand(container), sidecars);
  return Math.max(running, highestInit);
}

export function qosClass(spec: V1PodSpec): QosClass {
  const holders = statesOwnDemand(spec) ? [spec] : containersOf(spec);
  const asks = (holder: Pick<V1Container, 'resources'>, bound: Bound, resource: string): number =>
    containerDemand(holder, bound, resource) ?? 0;
  const resources = ['cpu', 'memory'];
  const isFixed = (holder: Pick<V1Container, 'resources'>): boolean =>
    resources.every((resource) => {
      const limit = asks(holder, 'limits', resource);
      // The API server takes a limit for the request that is missing.
      return limit > 0 && (containerDemand(holder, 'requests', resource) ?? limit) === limit;
    });
  if (holders.every(isFixed)) return 'Guaranteed';
  const asksForAny = holders.some((holder) =>
    resources.some(
      (resource) => asks(holder, 'requests', resource) > 0 || asks(holder, 'limits', resource) > 0,
    ),
  );
  return asksForAny ? 'Burstable' : 'BestEffort';
}

/** Pod-level resources (Kubernetes 1.34 and later), which a container's own must fit into. */
export function statesOwnDemand(spec: V1PodSpec): boolean {
  return ['cpu', 'memory'].some(
    (resource) =>
      spec.resources?.requests?.[resource] !== undefined || spec.resources?.limits?.[resource] !== undefined,
  );
}
