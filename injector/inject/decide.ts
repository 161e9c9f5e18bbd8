/** Whether a pod is to be injected at all, before its namespace's rules are asked for the form. */
import type { V1NodeSelectorRequirement, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { AGENT_CONTAINER, ENABLED_LABEL, INJECTED_ANNOTATION, PROFILE_LABEL } from '../../protocol/names.ts';
import type { NamespaceFacts } from './facts.ts';
import { containersOf } from './pod-demand.ts';
import type { InjectSettings } from './settings.ts';
import type { SkipReason } from './skip-reasons.ts';

const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';
const SYSTEM_NAMESPACE = 'kube-system';
const OS_LABEL = 'kubernetes.io/os';

/** The first reason that holds, or undefined: the pod is to be injected. */
export function reasonToSkip(
  pod: V1Pod,
  operation: string,
  namespace: NamespaceFacts,
  settings: InjectSettings,
): SkipReason | undefined {
  const { metadata, spec } = pod;
  if (operation !== 'CREATE' || spec === undefined) return 'not-a-creation';
  if (metadata?.labels?.[PROFILE_LABEL] !== 'true') return 'not-labelled';
  if (containersOf(spec).some(({ name }) => name === AGENT_CONTAINER)) {
    return metadata.annotations?.[INJECTED_ANNOTATION] === undefined ? 'name-taken' : 'already-injected';
  }
  if (metadata.annotations?.[MIRROR_ANNOTATION] !== undefined) return 'mirror-pod';
  if (isExcluded(namespace.name, settings)) return 'excluded-namespace';
  if (!isEnabled(namespace.labels, settings)) return 'namespace-not-enabled';
  if (isForWindows(spec)) return 'windows';
  if (spec.hostPID === true) return 'host-pid';
  if (spec.shareProcessNamespace === false) return 'process-namespace-kept-apart';
  return undefined;
}

function isForWindows({ os, nodeSelector, affinity }: V1PodSpec): boolean {
  if (os?.name === 'windows' || nodeSelector?.[OS_LABEL] === 'windows') return true;
  const terms =
    affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  // Any one of the terms is enough for a node.
  return terms.length > 0 && terms.every((term) => term.matchExpressions?.some(wantsWindows) ?? false);
}

function wantsWindows({ key, operator, values }: V1NodeSelectorRequirement): boolean {
  return key === OS_LABEL && operator === 'In' && values?.length === 1 && values[0] === 'windows';
}

export type ParticipationSettings = Pick<
  InjectSettings,
  'ownNamespace' | 'excludedNamespaces' | 'namespaceSelector'
>;

/** Whether pods of the namespace may be measured at all. */
export function takesPart(
  { name, labels }: Pick<NamespaceFacts, 'name' | 'labels'>,
  settings: ParticipationSettings,
): boolean {
  return !isExcluded(name, settings) && isEnabled(labels, settings);
}

function isEnabled(labels: NamespaceFacts['labels'], { namespaceSelector }: ParticipationSettings): boolean {
  return namespaceSelector === 'all' || labels[ENABLED_LABEL] === 'true';
}

function isExcluded(
  namespace: string,
  { ownNamespace, excludedNamespaces }: Omit<ParticipationSettings, 'namespaceSelector'>,
): boolean {
  return [SYSTEM_NAMESPACE, ownNamespace, ...excludedNamespaces].includes(namespace);
}
