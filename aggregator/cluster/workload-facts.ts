/** What is kept of a Job or a JobSet: whether it has ended, and how. */
import type { KubernetesObject } from '@kubernetes/client-node';
import { type ApiMoment, moment } from './moment.ts';

export interface WorkloadEnd {
  readonly atMs: number;
  readonly succeeded: boolean;
  /** BackoffLimitExceeded, DeadlineExceeded, … */
  readonly reason: string | undefined;
}

export interface WorkloadFacts extends KubernetesObject {
  /** The uid of its controller. */
  readonly parent?: string;
  /** Absent while it goes on. */
  readonly end?: WorkloadEnd;
}

/** Both have conditions of one shape, under names of their own. */
export interface EndedObject extends KubernetesObject {
  readonly status?: {
    readonly completionTime?: ApiMoment;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly lastTransitionTime?: ApiMoment;
    }[];
  };
}

const SUCCEEDED = new Set(['Complete', 'Completed']);
const FAILED = new Set(['Failed']);

/** `object`: a Job or a JobSet, as a list or a watch brought it. */
export function workloadFacts({ metadata, status }: EndedObject): WorkloadFacts {
  const { name = '', namespace = '', uid = '', resourceVersion = '', ownerReferences } = metadata ?? {};
  const parent = ownerReferences?.find(({ controller }) => controller === true)?.uid;
  const end = endOf(status);
  return {
    metadata: { name, namespace, uid, resourceVersion },
    ...(parent !== undefined && { parent }),
    ...(end && { end }),
  };
}

function endOf(status: EndedObject['status']): WorkloadEnd | undefined {
  const isTrue = (types: ReadonlySet<string>) =>
    status?.conditions?.find((one) => types.has(one.type) && one.status === 'True');
  const [succeeded, failed] = [isTrue(SUCCEEDED), isTrue(FAILED)];
  const told = succeeded ?? failed;
  const at = moment(told?.lastTransitionTime);
  if (told === undefined || at === undefined) return undefined;
  const completion = succeeded && moment(status?.completionTime);
  return { atMs: Date.parse(completion || at), succeeded: succeeded !== undefined, reason: told.reason };
}
