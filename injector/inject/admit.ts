/** What is done with one pod: the whole policy in one pure call, for the webhook and for `podometer inject`. */
import type { V1Pod } from '@kubernetes/client-node';
import type { ClusterFacts } from './facts.ts';
import type { Identity } from './identity.ts';
import type { JsonPatch } from './json-patch.ts';
import type { InjectSettings } from './settings.ts';
import type { SkipReason } from './skip-reasons.ts';

export interface PodRequest {
  /** As it came: `metadata.namespace` and `metadata.name` may be missing. */
  readonly pod: V1Pod;
  /** Of the request. */
  readonly namespace: string;
  /** Of the request: only CREATE leads to an injection. */
  readonly operation: string;
  /** Makes no difference to the answer; the caller leaves out the Event. */
  readonly dryRun: boolean;
  readonly facts: ClusterFacts;
  readonly settings: InjectSettings;
}

export type Admission = Injection | Skip;

export interface Injection {
  readonly kind: 'inject';
  readonly patch: JsonPatch;
  /** For the person at kubectl. */
  readonly warnings: readonly string[];
  readonly identity: Identity;
}

export interface Skip {
  readonly kind: 'skip';
  readonly reason: SkipReason;
  /** For the person at kubectl and for the Event; undefined where nobody asked for this pod to be measured, or it already is. */
  readonly warning: string | undefined;
}

export function admitPod(_request: PodRequest): Admission {
  return { kind: 'skip', reason: 'not-labelled', warning: undefined };
}
