/** Labelled pods that run without the agent although nothing speaks against it: nobody answered when they were made. */
import type { V1Pod } from '@kubernetes/client-node';
import { INJECTED_ANNOTATION, PROFILE_LABEL } from '../../../protocol/names.ts';
import { admitPod } from '../../inject/admit.ts';
import type { ClusterFacts } from '../../inject/facts.ts';
import type { InjectSettings } from '../../inject/settings.ts';

/** Whether it is worth asking: labelled, living and without the agent. */
export function mayHaveSlipped({ metadata, status }: V1Pod): boolean {
  return (
    metadata?.labels?.[PROFILE_LABEL] === 'true' &&
    metadata.annotations?.[INJECTED_ANNOTATION] === undefined &&
    metadata.deletionTimestamp === undefined &&
    status?.phase !== 'Succeeded' &&
    status?.phase !== 'Failed'
  );
}

/** `facts`: of this pod. A pod that would be left alone was told so when it was made. */
export function hasSlippedThrough(pod: V1Pod, facts: ClusterFacts, settings: InjectSettings): boolean {
  const namespace = facts.namespace.name;
  const answer = admitPod({ pod, namespace, operation: 'CREATE', dryRun: true, facts, settings });
  return mayHaveSlipped(pod) && answer.kind === 'inject';
}

export interface PodsInjected {
  readonly type: 'PodsInjected';
  readonly status: 'True' | 'False';
  readonly reason: 'AllInjected' | 'SlippedThrough';
  readonly message: string;
}

const MOST_NAMED = 5;

/** The condition of a namespace. `names`: of the pods that have slipped through. */
export function podsInjected(names: readonly string[]): PodsInjected {
  if (names.length === 0) {
    const message = 'Every labelled pod that can be measured has the agent';
    return { type: 'PodsInjected', status: 'True', reason: 'AllInjected', message };
  }
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return {
    type: 'PodsInjected',
    status: 'False',
    reason: 'SlippedThrough',
    message: `${names.length} labelled ${names.length === 1 ? 'pod runs' : 'pods run'} without the agent: ${names.slice(0, MOST_NAMED).join(', ')}${more}`,
  };
}

/** `again`: how its pods are made anew. */
export function slippedMessage(pod: string, again: string): string {
  return `podometer: pod ${pod} is labelled and runs without the agent, so it is not measured: the injector did not answer when it was made, or the label came later. ${again}`;
}
