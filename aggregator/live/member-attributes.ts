import { runRef } from '../query/run-view.ts';
import type { RunRecord } from '../store/model.ts';

/** What every figure of one member of a run is told apart by, by OpenTelemetry's names. */
export function memberAttributes(record: RunRecord, place: number): Readonly<Record<string, string>> {
  const { workload } = record;
  const isLocal = workload.kind === 'Local';
  return {
    'podometer.workload': workload.name,
    'podometer.run': runRef(record),
    ...(workload.namespace !== undefined && { 'k8s.namespace.name': workload.namespace }),
    [isLocal ? 'host.name' : 'k8s.pod.name']: record.members[place]?.name ?? '',
  };
}
