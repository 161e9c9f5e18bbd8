/** The advice as a patch that kubectl applies. */
import { stringify } from 'yaml';
import type { ContainerAdvice } from '../../aggregator/query/rightsize/advice.ts';
import type { Workload } from '../../protocol/run.ts';

/** A strategic merge patch in YAML. */
export function resourcesPatch(kind: Workload['kind'], advice: readonly ContainerAdvice[]): string {
  const containers = advice.map(({ need, advised }) => ({ name: need.name, resources: advised }));
  return stringify(placed(kind, { spec: { containers } }));
}

function placed(kind: Workload['kind'], pod: object): object {
  switch (kind) {
    case 'Pod':
      return pod;
    case 'CronJob':
      return { spec: { jobTemplate: { spec: { template: pod } } } };
    default:
      return { spec: { template: pod } };
  }
}

/** How to apply it, or why it cannot be applied to what is there. */
export function patchNote({ kind, name, namespace }: Workload): string {
  const where = namespace === undefined ? '' : ` -n ${namespace}`;
  const apply = `kubectl patch ${kind.toLowerCase()} ${name}${where} --patch-file FILE`;
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'CronJob':
      return `Apply it with: podometer rightsize ${name} --patch > FILE && ${apply}`;
    default:
      return `The pods of a ${kind} cannot be changed once it is made: put these into its manifest for the next.`;
  }
}
