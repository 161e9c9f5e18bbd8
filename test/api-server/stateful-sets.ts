/** What the StatefulSet controller, the scheduler and the kubelet make of a StatefulSet of one replica, at once. */
import type { V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import type { ObjectStore, StoredObject } from './object-store.ts';

const SETS = 'apps/v1 statefulsets';
const PODS = 'v1 pods';

/** `starts`: whether a pod becomes ready. */
export function runStatefulSets(store: ObjectStore, starts: (pod: V1Pod) => boolean): void {
  store.follow(({ resource, object }) => {
    if (resource !== SETS && resource !== PODS) return;
    const { namespace } = object.metadata;
    // As a controller does, after whoever made the change.
    setImmediate(() => {
      for (const set of store.list(SETS, namespace)) sync(store, set as StoredObject & V1StatefulSet, starts);
    });
  });
}

function sync(store: ObjectStore, set: StoredObject & V1StatefulSet, starts: (pod: V1Pod) => boolean): void {
  const { name = '', namespace = '', uid = '' } = set.metadata;
  const { template, podManagementPolicy } = set.spec ?? {};
  const revision = JSON.stringify(template);
  const podName = `${name}-0`;
  const pod = store.get(PODS, namespace, podName) as V1Pod | undefined;
  if (pod === undefined) {
    const made = {
      metadata: {
        name: podName,
        namespace,
        labels: { ...template?.metadata?.labels },
        annotations: { revision },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name, uid, controller: true }],
      },
      spec: { ...template?.spec, nodeName: 'a-node' },
    };
    const status = readiness(starts(made as V1Pod));
    store.put(PODS, { ...made, ...{ status } });
    return;
  }
  // One whose node does not answer is waited for, too: there are never two of one name.
  if (pod.metadata?.deletionTimestamp !== undefined) return;
  const isReady = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  const isOld = pod.metadata?.annotations?.revision !== revision;
  // With OrderedReady a pod that is not ready is waited for, be it for ever.
  if (isOld && (isReady || podManagementPolicy === 'Parallel')) {
    store.remove(PODS, namespace, podName);
    return;
  }
  const status = {
    replicas: 1,
    readyReplicas: isReady ? 1 : 0,
    updatedReplicas: isOld ? 0 : 1,
  };
  if (JSON.stringify(set.status) !== JSON.stringify(status)) store.put(SETS, { ...set, ...{ status } });
}

function readiness(isReady: boolean): V1Pod['status'] {
  return { phase: 'Running', conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] };
}
