/** What the API server double tells of its resources: `GET /api/v1`, `GET /apis/apps/v1`. */
import type { ObjectStore } from './object-store.ts';

const CLUSTER_WIDE = new Set([
  'namespaces',
  'clusterroles',
  'clusterrolebindings',
  'storageclasses',
  'mutatingwebhookconfigurations',
  'customresourcedefinitions',
]);

const KINDS: Readonly<Record<string, string>> = {
  limitranges: 'LimitRange',
  resourcequotas: 'ResourceQuota',
  replicasets: 'ReplicaSet',
  serviceaccounts: 'ServiceAccount',
  configmaps: 'ConfigMap',
  persistentvolumeclaims: 'PersistentVolumeClaim',
  statefulsets: 'StatefulSet',
  poddisruptionbudgets: 'PodDisruptionBudget',
  networkpolicies: 'NetworkPolicy',
  rolebindings: 'RoleBinding',
  clusterrolebindings: 'ClusterRoleBinding',
  storageclasses: 'StorageClass',
  mutatingwebhookconfigurations: 'MutatingWebhookConfiguration',
  metricsets: 'MetricSet',
  jobsets: 'JobSet',
};

/** Undefined where the address is none of a group, or of one that is not installed. */
export function discover(store: ObjectStore, pathname: string): object | undefined {
  const { core, group } =
    /^\/(?:api\/(?<core>v1)|apis\/(?<group>[^/]+\/[^/]+))$/.exec(pathname)?.groups ?? {};
  const groupVersion = core ?? group;
  if (groupVersion === undefined) return undefined;
  const resources = store.resources
    .filter((resource) => resource.startsWith(`${groupVersion} `))
    .map((resource) => {
      const name = resource.slice(groupVersion.length + 1);
      return { name, kind: kindOf(name), namespaced: !CLUSTER_WIDE.has(name), verbs: [] };
    });
  if (resources.length === 0) return undefined;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

function kindOf(plural: string): string {
  return KINDS[plural] ?? plural.charAt(0).toUpperCase() + plural.slice(1).replace(/s$/, '');
}
