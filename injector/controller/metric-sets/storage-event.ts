/** What is told of a run of storage metrics, as an Event on its MetricSet. */
import { METRIC_SET_API } from '../../../protocol/metric-set.ts';
import type { ObjectEvent } from '../../cluster/object-events.ts';
import type { StorageEvent } from './plan-storage.ts';
import type { StorageSet } from './storage-set.ts';

/** Each run is told of, however soon one follows the other. */
export function storageEvent(
  { name, uid, namespace }: StorageSet,
  { type, reason, message }: StorageEvent,
): ObjectEvent {
  const { group, version, kind } = METRIC_SET_API;
  return {
    object: { apiVersion: `${group}/${version}`, kind, name, uid },
    namespace,
    type,
    reason,
    message,
    cause: message,
  };
}
