/** What goes with an object of the API server double, and what stays although it was told to go. */
import type { V1Pod } from '@kubernetes/client-node';
import type { ObjectStore, StoredObject } from './object-store.ts';

const PODS = 'v1 pods';
const CLAIMS = 'v1 persistentvolumeclaims';
const PROTECTION = 'kubernetes.io/pvc-protection';

/** As the garbage collector and the protection of claims do, at once. */
export function collectDependents(store: ObjectStore): void {
  store.follow(({ type, resource, object }) => {
    if (type !== 'DELETED') return;
    const { uid } = object.metadata;
    for (const name of store.resources) {
      for (const { metadata } of store.list(name)) {
        const isOwned = metadata.ownerReferences?.some((owner) => owner.uid === uid);
        if (isOwned) store.remove(name, metadata.namespace, metadata.name ?? '');
      }
    }
    if (resource === PODS) releaseClaims(store, object);
  });
}

/** Marks a claim that a pod uses as going; answers undefined where it may go at once. */
export function heldBack(
  store: ObjectStore,
  resource: string,
  object: StoredObject,
): StoredObject | undefined {
  if (resource !== CLAIMS || !isUsed(store, object)) return undefined;
  const { metadata } = object;
  const deletionTimestamp = metadata.deletionTimestamp ?? new Date();
  return store.put(resource, {
    ...object,
    metadata: { ...metadata, deletionTimestamp, finalizers: [PROTECTION] },
  });
}

/** A pod that has run to its end uses its claims until its object is gone; one that no node was found for does not. */
function isUsed(store: ObjectStore, { metadata }: StoredObject): boolean {
  return (store.list(PODS, metadata.namespace) as V1Pod[]).some(
    ({ spec }) =>
      spec?.nodeName !== undefined &&
      spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === metadata.name),
  );
}

function releaseClaims(store: ObjectStore, { metadata }: StoredObject): void {
  for (const claim of store.list(CLAIMS, metadata.namespace)) {
    if (claim.metadata.deletionTimestamp === undefined || isUsed(store, claim)) continue;
    store.remove(CLAIMS, metadata.namespace, claim.metadata.name ?? '');
  }
}
