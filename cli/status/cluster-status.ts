/** What is installed in a cluster, and what of it fails. */
import type { StatusCondition } from '../../protocol/status.ts';

/** `unknown`: it may not be looked at. */
export type PartState = 'ready' | 'failing' | 'missing' | 'unknown';

export interface PartStatus {
  readonly state: PartState;
  /** A phrase: `2 of 2 ready in namespace podometer`, `ImagePullBackOff`. */
  readonly detail: string;
}

export interface NamespaceReport {
  readonly namespace: string;
  readonly aggregator: PartStatus;
  /** As the controller tells them; empty where it tells none that can be read. */
  readonly conditions: readonly StatusCondition[];
  /** Undefined: they may not be listed. */
  readonly pods: { readonly labelled: number; readonly injected: number } | undefined;
}

export interface ClusterStatus {
  /** Undefined where no injector tells it. */
  readonly version: string | undefined;
  readonly injector: PartStatus;
  readonly webhook: PartStatus;
  readonly namespaces: readonly NamespaceReport[];
}

/** Sentences, one for each thing that fails; none where all is well as far as it can be seen. */
export function failuresOf({ injector, webhook, namespaces }: ClusterStatus): string[] {
  return [
    ...partFailure('The injector', injector),
    ...partFailure('The webhook', webhook),
    ...namespaces.flatMap(namespaceFailures),
  ];
}

function partFailure(name: string, { state, detail }: PartStatus): string[] {
  if (state === 'failing') return [`${name} is not ready: ${detail}.`];
  return state === 'missing' ? [`${name} is missing: ${detail}.`] : [];
}

function namespaceFailures({ namespace, aggregator, conditions, pods }: NamespaceReport): string[] {
  const told = conditions.filter(({ status }) => status === 'False');
  // The pod itself tells it later and nearer.
  const beyondPod = told.filter(({ type }) => type !== 'AggregatorReady' || aggregator.state === 'ready');
  return [
    ...aggregatorFailure(aggregator, pods?.labelled ?? 0),
    ...beyondPod.map(({ type, reason, message }) => `${type} is False (${reason}): ${message}`),
  ].map((sentence) => `Namespace ${namespace}: ${sentence}`);
}

function aggregatorFailure({ state, detail }: PartStatus, labelledPods: number): string[] {
  if (state === 'failing') return [`the aggregator is not ready: ${detail}.`];
  if (state !== 'missing' || labelledPods === 0) return [];
  return [
    `${labelledPods === 1 ? 'a pod is' : `${labelledPods} pods are`} labelled, and there is no aggregator.`,
  ];
}
