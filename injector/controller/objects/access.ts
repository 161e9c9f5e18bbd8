/** Who an aggregator is, and what it may do: read the pods and Jobs of its namespace, tell Events, and ask who its callers are. */
import type { KubernetesObject, V1Namespace, V1Role, V1RoleBinding } from '@kubernetes/client-node';
import { AGGREGATOR_ROLE_RULES, type RoleRule } from '../../../protocol/aggregator-role.ts';
import { AGGREGATOR_NAME, API_GROUP } from '../../../protocol/names.ts';
import { LABELS, metadataIn } from './names.ts';

const RBAC = 'rbac.authorization.k8s.io';
const RBAC_VERSION = `${RBAC}/v1`;

/** Lets its holder ask the API server for token reviews and access reviews, and nothing else. */
export const REVIEWER_ROLE = 'system:auth-delegator';

/**
 * What a token of the aggregator's own account may do with runs: it is asked for by people whose kubeconfig has no token to
 * bring. Who may ask for it could do as much by the aggregator's pod and volume.
 */
const RUNS_RULE: RoleRule = {
  apiGroups: [API_GROUP],
  resources: ['runs'],
  verbs: ['get', 'list', 'update', 'delete', 'backup'],
};

export function accessObjects(namespace: V1Namespace): KubernetesObject[] {
  const { name = '', uid = '' } = namespace.metadata ?? {};
  const account = { kind: 'ServiceAccount', name: AGGREGATOR_NAME, namespace: name };
  const role: V1Role = {
    apiVersion: RBAC_VERSION,
    kind: 'Role',
    metadata: metadataIn(name),
    rules: [...AGGREGATOR_ROLE_RULES, RUNS_RULE].map(({ apiGroups, resources, verbs }) => ({
      apiGroups: [...apiGroups],
      resources: [...resources],
      verbs: [...verbs],
    })),
  };
  const binding: V1RoleBinding = {
    apiVersion: RBAC_VERSION,
    kind: 'RoleBinding',
    metadata: metadataIn(name),
    roleRef: { apiGroup: RBAC, kind: 'Role', name: AGGREGATOR_NAME },
    subjects: [account],
  };
  const reviewer = {
    apiVersion: RBAC_VERSION,
    kind: 'ClusterRoleBinding',
    metadata: {
      name: `${AGGREGATOR_NAME}-${name}`,
      labels: { ...LABELS },
      // It belongs to no namespace, and is to go with this one.
      ownerReferences: [{ apiVersion: 'v1', kind: 'Namespace', name, uid }],
    },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: REVIEWER_ROLE },
    subjects: [account],
  };
  const serviceAccount = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadataIn(name) };
  return [serviceAccount, role, binding, reviewer];
}
