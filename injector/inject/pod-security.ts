/** Whether Pod Security admission would take a pod: it judges after every mutation. */
import type { V1Pod } from '@kubernetes/client-node';
import type { PodSecurityLevel } from './pod-security-level.ts';
import { baselineRules, type PodSecurityRule, restrictedRules } from './pod-security-rules.ts';

const rules: Readonly<Record<PodSecurityLevel, readonly PodSecurityRule[]>> = {
  privileged: [],
  baseline: baselineRules,
  restricted: restrictedRules,
};

/** One text for each rule and field that breaks it: `dropAll: container app`. */
export function podSecurityViolations(level: PodSecurityLevel, pod: V1Pod): string[] {
  const { spec } = pod;
  if (spec === undefined) return [];
  return rules[level].flatMap((rule) => rule.breaches(pod, spec).map((breach) => `${rule.name}: ${breach}`));
}

/** What the change alone brings in: a namespace may exempt the pod from what it broke before. */
export function newViolations(level: PodSecurityLevel, before: V1Pod, after: V1Pod): string[] {
  const known = podSecurityViolations(level, before);
  return podSecurityViolations(level, after).filter((violation) => !known.includes(violation));
}
