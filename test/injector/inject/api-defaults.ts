/** What the API server fills in by itself before it judges: on what was sent, and once more on what a webhook changed. */
import type { V1Container, V1LimitRangeSpec, V1PodSpec } from '@kubernetes/client-node';

export function withApiDefaults(spec: V1PodSpec, ranges: readonly V1LimitRangeSpec[]): V1PodSpec {
  const fill = (container: V1Container): V1Container => filled(container, ranges);
  return {
    ...spec,
    containers: spec.containers.map(fill),
    ...(spec.initContainers && { initContainers: spec.initContainers.map(fill) }),
  };
}

/** A LimitRange without `default` has its maximum as one. */
function filled(container: V1Container, ranges: readonly V1LimitRangeSpec[]): V1Container {
  const own = container.resources ?? {};
  let limits = { ...own.limits };
  let requests = { ...own.limits, ...own.requests };
  for (const item of ranges.flatMap((range) => range.limits).filter(({ type }) => type === 'Container')) {
    const limit = { ...item.max, ...item._default };
    limits = { ...limit, ...limits };
    requests = { ...item.min, ...limit, ...item.defaultRequest, ...requests };
  }
  const isEmpty = (quantities: object): boolean => Object.keys(quantities).length === 0;
  const stated = { ...own, ...(!isEmpty(limits) && { limits }), ...(!isEmpty(requests) && { requests }) };
  return isEmpty(stated) ? container : { ...container, resources: stated };
}
