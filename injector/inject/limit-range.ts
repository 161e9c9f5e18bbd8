/** What a namespace's LimitRanges say, and whether a pod keeps to it: as the LimitRanger plugin judges after mutation. */
import type { V1LimitRangeItem, V1LimitRangeSpec, V1PodSpec } from '@kubernetes/client-node';
import { type Bound, containerDemand, containersOf, podDemand } from './pod-demand.ts';
import { amountOf, parseQuantity } from './quantity.ts';

export interface Limits {
  readonly least: number | undefined;
  readonly most: number | undefined;
  /** Of limit to request, at most. */
  readonly ratio: number | undefined;
  /** Whether a container that states no limit is given one. */
  readonly givesLimit: boolean;
}

/** The tightest of all items of this type. */
export function limitsOf(
  ranges: readonly V1LimitRangeSpec[],
  type: 'Container' | 'Pod',
  resource: string,
): Limits {
  const items = itemsOf(ranges, type);
  const amounts = (field: 'min' | 'max'): number[] =>
    items.flatMap((item) => amountOf(resource, item[field]?.[resource]) ?? []);
  const ratios = items.flatMap((item) => ratioOf(item, resource) ?? []);
  return {
    least: extreme(Math.max, amounts('min')),
    most: extreme(Math.min, amounts('max')),
    ratio: extreme(Math.min, ratios),
    givesLimit: items.some((item) => ({ ...item.max, ...item._default })[resource] !== undefined),
  };
}

/** Every resource that a container is given without having asked for it. */
export function defaultedResources(ranges: readonly V1LimitRangeSpec[]): string[] {
  const names = itemsOf(ranges, 'Container').flatMap((item) =>
    Object.keys({ ...item._default, ...item.defaultRequest, ...item.max, ...item.min }),
  );
  return [...new Set(names)];
}

/** One sentence for each rule that the pod breaks. */
export function limitRangeViolations(spec: V1PodSpec, ranges: readonly V1LimitRangeSpec[]): string[] {
  const containers = itemsOf(ranges, 'Container').flatMap((item) =>
    containersOf(spec).flatMap((container) =>
      itemViolations(item, `container ${container.name}`, (bound, resource) =>
        containerDemand(container, bound, resource),
      ),
    ),
  );
  const pods = itemsOf(ranges, 'Pod').flatMap((item) =>
    itemViolations(item, 'the pod', (bound, resource) => podDemand(spec, bound, resource)),
  );
  return [...containers, ...pods];
}

type Demand = (bound: Bound, resource: string) => number | undefined;

function itemViolations(item: V1LimitRangeItem, who: string, demand: Demand): string[] {
  const found: string[] = [];
  const check = (isKept: boolean, sentence: string): void => {
    if (!isKept) found.push(`${who} ${sentence}`);
  };
  for (const [resource, quantity] of Object.entries(item.min ?? {})) {
    const least = amountOf(resource, quantity) ?? 0;
    const request = demand('requests', resource);
    check(
      request !== undefined && request >= least,
      `requests less ${resource} than the minimum ${quantity}`,
    );
    check((demand('limits', resource) ?? least) >= least, `limits ${resource} under the minimum ${quantity}`);
  }
  for (const [resource, quantity] of Object.entries(item.max ?? {})) {
    const most = amountOf(resource, quantity) ?? 0;
    const limit = demand('limits', resource);
    check(limit !== undefined && limit <= most, `does not limit ${resource} to the maximum ${quantity}`);
    check(
      (demand('requests', resource) ?? 0) <= most,
      `requests more ${resource} than the maximum ${quantity}`,
    );
  }
  for (const [resource, quantity] of Object.entries(item.maxLimitRequestRatio ?? {})) {
    const request = demand('requests', resource) ?? 0;
    const limit = demand('limits', resource) ?? 0;
    const ratio = ratioOf(item, resource) ?? 0;
    check(
      request > 0 && limit > 0 && limit <= request * ratio,
      `has a limit of ${resource} above ${quantity} times its request`,
    );
  }
  return found;
}

function ratioOf(item: V1LimitRangeItem, resource: string): number | undefined {
  const ratio = item.maxLimitRequestRatio?.[resource];
  return ratio === undefined ? undefined : parseQuantity(String(ratio));
}

function itemsOf(ranges: readonly V1LimitRangeSpec[], type: 'Container' | 'Pod'): V1LimitRangeItem[] {
  return ranges.flatMap(({ limits }) => limits.filter((item) => item.type === type));
}

function extreme(pick: (...values: number[]) => number, values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : pick(...values);
}
