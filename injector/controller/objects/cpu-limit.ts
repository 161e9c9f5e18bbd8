/** Whether a namespace asks for a CPU limit, which an aggregator has nowhere else: it would be slowed down for nothing. */
import type { V1PodSpec, V1StatefulSet } from '@kubernetes/client-node';
import type { NamespaceFacts } from '../../inject/facts.ts';
import { limitsOf } from '../../inject/limit-range.ts';
import { quotaLeft } from '../../inject/quota.ts';

/** `rules`: undefined where they are not known yet, and what is there stays as it is. */
export function needsCpuLimit(
  spec: V1PodSpec,
  rules: NamespaceFacts | undefined,
  existing: V1StatefulSet | undefined,
): boolean {
  if (rules === undefined) {
    const [container] = existing?.spec?.template.spec?.containers ?? [];
    return container?.resources?.limits?.cpu !== undefined;
  }
  const isCounted = quotaLeft(spec, rules.quotas, 'limits', 'cpu') !== undefined;
  return isCounted && !limitsOf(rules.limitRanges, 'Container', 'cpu').givesLimit;
}
