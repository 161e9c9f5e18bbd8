/** What the API server double tells of its resources: `GET /api`, `/apis`, `/api/v1`, `/apis/apps/v1`. */
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
  clusterroles: 'ClusterRole',
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

/** Undefined where the address is none of a group that is installed, nor of all groups. */
export function discover(store: ObjectStore, pathname: string): object | undefined {
  if (pathname === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (pathname === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(store) };
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

function groupsOf({ resources }: ObjectStore): object[] {
  const versions = new Set(resources.map((resource) => resource.split(' ', 1)[0] ?? ''));
  return [...versions].flatMap((groupVersion) => {
    const [name = '', version] = groupVersion.split('/');
    if (version === undefined) return [];
    const preferredVersion = { groupVersion, version };
    return [{ name, versions: [preferredVersion], preferredVersion }];
  });
}

export function kindOf(plural: string): string {
  return KINDS[plural] ?? plural.charAt(0).toUpperCase() + plural.slice(1).replace(/s$/, '');
}
