/** Which Pod Security Standard the API server holds a namespace's pods to, after every mutation. */
import type { NamespaceFacts } from './facts.ts';

export const podSecurityLevels = ['privileged', 'baseline', 'restricted'] as const;
export type PodSecurityLevel = (typeof podSecurityLevels)[number];

export const ENFORCE_LABEL = 'pod-security.kubernetes.io/enforce';

/** A value that is none of the three is enforced by the API server as `restricted`. */
export function enforcedLevel(namespace: NamespaceFacts, clusterDefault: PodSecurityLevel): PodSecurityLevel {
  const label = namespace.labels[ENFORCE_LABEL];
  if (label === undefined) return clusterDefault;
  return podSecurityLevels.find((level) => level === label) ?? 'restricted';
}
