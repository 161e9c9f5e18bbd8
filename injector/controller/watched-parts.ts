/**
 * What an aggregator consists of beside its StatefulSet, followed so that what somebody changes or deletes is put right at
 * once. Each kind is asked for by name, which is all that the injector's role allows; nothing but metadata is kept.
 */
import {
  CoreV1Api,
  type KubernetesListObject,
  type KubernetesObject,
  NetworkingV1Api,
  PolicyV1Api,
  RbacAuthorizationV1Api,
} from '@kubernetes/client-node';
import { answeredWithin } from '../../lib/cluster/api-access.ts';
import { type Page, pagedList } from '../../lib/cluster/paged-list.ts';
import { ResourceCache } from '../../lib/cluster/resource-cache.ts';
import { AGGREGATOR_NAME } from '../../protocol/names.ts';
import { FORWARD_SECRET } from './objects/forward-secret.ts';
import { TLS_SECRET } from './objects/names.ts';
import type { WatchedClusterOptions } from './watched-cluster.ts';

const LONGEST_LIST_MS = 30_000;

type Ask = Page & { readonly fieldSelector: string };

interface Part {
  readonly path: string;
  readonly list: (ask: Ask) => Promise<KubernetesListObject<KubernetesObject>>;
  readonly name?: string;
}

export class WatchedParts {
  readonly #caches: readonly Pick<ResourceCache<KubernetesObject>, 'close'>[];

  /** `onPart`: told the namespace of each one that came, changed or went. Begins to follow at once. */
  constructor(options: WatchedClusterOptions, onPart: (namespace: string) => void) {
    this.#caches = partsOf(options).map(
      ({ path, list, name = AGGREGATOR_NAME }) =>
        new ResourceCache<KubernetesObject>({
          ...options,
          path,
          fieldSelector: nameIs(name),
          list: () => pagedList((page) => list({ fieldSelector: nameIs(name), ...page }), metadataOnly),
          keep: metadataOnly,
          onChange: ({ metadata }) => onPart(metadata?.namespace ?? ''),
        }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#caches.map((cache) => cache.close()));
  }
}

function partsOf({ cluster }: WatchedClusterOptions): Part[] {
  const core = cluster.makeApiClient(CoreV1Api);
  const networking = cluster.makeApiClient(NetworkingV1Api);
  const policy = cluster.makeApiClient(PolicyV1Api);
  const rbac = cluster.makeApiClient(RbacAuthorizationV1Api);
  const limit = answeredWithin(LONGEST_LIST_MS);
  const secrets = (name: string): Part => ({
    path: '/api/v1/secrets',
    list: (ask) => core.listSecretForAllNamespaces(ask, limit),
    name,
  });
  return [
    { path: '/api/v1/services', list: (ask) => core.listServiceForAllNamespaces(ask, limit) },
    { path: '/api/v1/serviceaccounts', list: (ask) => core.listServiceAccountForAllNamespaces(ask, limit) },
    {
      path: '/api/v1/persistentvolumeclaims',
      list: (ask) => core.listPersistentVolumeClaimForAllNamespaces(ask, limit),
    },
    secrets(TLS_SECRET),
    secrets(FORWARD_SECRET),
    {
      path: '/apis/networking.k8s.io/v1/networkpolicies',
      list: (ask) => networking.listNetworkPolicyForAllNamespaces(ask, limit),
    },
    {
      path: '/apis/policy/v1/poddisruptionbudgets',
      list: (ask) => policy.listPodDisruptionBudgetForAllNamespaces(ask, limit),
    },
    {
      path: '/apis/rbac.authorization.k8s.io/v1/roles',
      list: (ask) => rbac.listRoleForAllNamespaces(ask, limit),
    },
    {
      path: '/apis/rbac.authorization.k8s.io/v1/rolebindings',
      list: (ask) => rbac.listRoleBindingForAllNamespaces(ask, limit),
    },
  ];
}

function nameIs(name: string): string {
  return `metadata.name=${name}`;
}

function metadataOnly({ apiVersion, kind, metadata }: KubernetesObject): KubernetesObject {
  const { managedFields: _, ...own } = metadata ?? {};
  return { ...(apiVersion && { apiVersion }), ...(kind && { kind }), metadata: own };
}
