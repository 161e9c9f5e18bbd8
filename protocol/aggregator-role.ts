/** What a namespace's aggregator may do at the API server, in its own namespace alone: the rules of its Role. */
export interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/**
 * Beside these it may ask for token and access reviews (ClusterRole system:auth-delegator). docs/security.md tells what for. The
 * injector makes the Role, so it must hold every rule itself: the API server lets nobody grant more than they have.
 */
export const AGGREGATOR_ROLE_RULES: readonly RoleRule[] = [
  { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
  { apiGroups: ['batch'], resources: ['jobs'], verbs: ['list', 'watch'] },
  { apiGroups: ['jobset.x-k8s.io'], resources: ['jobsets'], verbs: ['list', 'watch'] },
  { apiGroups: [''], resources: ['events'], verbs: ['create'] },
];
