/** What the API server of the double fills in of an object, and what it lets nobody change of one. */
import type {
  V1PersistentVolumeClaim,
  V1StatefulSet,
  V1StatefulSetSpec,
  V1StorageClass,
} from '@kubernetes/client-node';
import type { GivenObject, ObjectStore } from './object-store.ts';

const STATEFUL_SETS = 'apps/v1 statefulsets';
const CLAIMS = 'v1 persistentvolumeclaims';
const CLASSES = 'storage.k8s.io/v1 storageclasses';
const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
const FIXED: readonly (keyof V1StatefulSetSpec)[] = [
  'podManagementPolicy',
  'selector',
  'serviceName',
  'volumeClaimTemplates',
];

export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** The object with what it has although nobody said so. */
export function filledIn(store: ObjectStore, resource: string, object: GivenObject): GivenObject {
  if (resource === STATEFUL_SETS) {
    const { spec } = object as V1StatefulSet;
    return { ...object, ...{ spec: { podManagementPolicy: 'OrderedReady', ...spec } } };
  }
  if (resource === CLAIMS) {
    const { spec } = object as V1PersistentVolumeClaim;
    const name = classes(store).find(isDefault)?.metadata?.name;
    return { ...object, ...{ spec: { ...(name !== undefined && { storageClassName: name }), ...spec } } };
  }
  return object;
}

/** Undefined where it may be changed so. */
export function changeRefusal(
  store: ObjectStore,
  resource: string,
  before: object,
  after: object,
): Refusal | undefined {
  if (resource === STATEFUL_SETS) return ofStatefulSet(before as V1StatefulSet, after as V1StatefulSet);
  if (resource === CLAIMS)
    return ofClaim(store, before as V1PersistentVolumeClaim, after as V1PersistentVolumeClaim);
  return undefined;
}

function ofStatefulSet({ spec: before }: V1StatefulSet, { spec: after }: V1StatefulSet): Refusal | undefined {
  const changed = FIXED.filter((field) => JSON.stringify(before?.[field]) !== JSON.stringify(after?.[field]));
  if (changed.length === 0) return undefined;
  return {
    status: 422,
    message: `Forbidden: updates to ${changed.join(', ')} of a statefulset are forbidden`,
  };
}

function ofClaim(
  store: ObjectStore,
  { spec: before, status }: V1PersistentVolumeClaim,
  { spec: after }: V1PersistentVolumeClaim,
): Refusal | undefined {
  if (before?.storageClassName !== after?.storageClassName) {
    return { status: 422, message: 'spec is immutable after creation except resources.requests' };
  }
  const [old, wanted] = [before, after].map((spec) => spec?.resources?.requests?.storage);
  if (old === wanted) return undefined;
  if (status?.phase !== 'Bound') return { status: 422, message: 'spec is immutable for unbound claims' };
  // All sizes of a test have one unit.
  if (Number.parseInt(wanted ?? '', 10) < Number.parseInt(old ?? '', 10)) {
    return { status: 422, message: 'field can not be less than status.capacity' };
  }
  const own = classes(store).find(({ metadata }) => metadata?.name === before?.storageClassName);
  if (own?.allowVolumeExpansion === true) return undefined;
  return { status: 403, message: 'the storageclass that provisions the pvc must support resize' };
}

function classes(store: ObjectStore): V1StorageClass[] {
  return store.list(CLASSES) as unknown as V1StorageClass[];
}

function isDefault({ metadata }: V1StorageClass): boolean {
  return metadata?.annotations?.[DEFAULT_CLASS] === 'true';
}
