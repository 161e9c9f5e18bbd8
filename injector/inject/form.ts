/** The form of the agent that the namespace's rules admit together with the pod, or the rule that admits none. */
import type { V1Pod, V1PodSpec, V1ResourceRequirements } from '@kubernetes/client-node';
import type { Wishes } from './annotations.ts';
import { type AgentParts, type AgentPieces, agentPieces, SPOOL_VOLUME_BYTES } from './container.ts';
import type { NamespaceFacts } from './facts.ts';
import { limitRangeViolations } from './limit-range.ts';
import { withAgent } from './patch.ts';
import { newViolations } from './pod-security.ts';
import type { PodSecurityLevel } from './pod-security-level.ts';
import { quotaViolations } from './quota.ts';
import { agentResources, type WantedResources } from './resources.ts';
import type { AgentResources } from './settings.ts';
import type { SkipReason } from './skip-reasons.ts';

export interface Refusal {
  readonly reason: SkipReason;
  readonly detail: string | undefined;
}

/** `parts`: all of the agent but its resources. */
export function admissibleForm(
  pod: V1Pod,
  spec: V1PodSpec,
  namespace: NamespaceFacts,
  level: PodSecurityLevel,
  parts: Omit<AgentParts, 'resources'>,
): AgentPieces | Refusal {
  const wanted = wantedResources(parts.settings.resources, parts.wishes);
  const candidates = agentResources(spec, wanted, namespace);
  let refusal: Refusal | undefined;
  for (const resources of candidates) {
    const pieces = agentPieces(spec, { ...parts, resources });
    const found = refusalOf(pod, spec, namespace, level, pieces);
    if (found === undefined) return pieces;
    refusal ??= found;
  }
  return refusal ?? noRoom(spec, wanted, namespace);
}

function refusalOf(
  pod: V1Pod,
  spec: V1PodSpec,
  { limitRanges, quotas }: NamespaceFacts,
  level: PodSecurityLevel,
  pieces: AgentPieces,
): Refusal | undefined {
  const after = withAgent(spec, pieces);
  const [breach] = newViolations(level, pod, { ...pod, spec: after });
  if (breach !== undefined) return { reason: 'pod-security', detail: breach };
  const [bound] = limitRangeViolations(after, limitRanges);
  if (bound !== undefined) return { reason: 'limit-range', detail: bound };
  const [short] = quotaViolations(after, quotas);
  return short === undefined ? undefined : { reason: 'quota', detail: short };
}

/** Which of the two it is that leaves none: without quotas there would be room, or there would not. */
function noRoom(spec: V1PodSpec, wanted: WantedResources, namespace: NamespaceFacts): Refusal {
  const withoutQuotas: readonly V1ResourceRequirements[] = agentResources(spec, wanted, {
    ...namespace,
    quotas: [],
  });
  return { reason: withoutQuotas.length > 0 ? 'quota' : 'limit-range', detail: undefined };
}

function wantedResources(defaults: AgentResources, { cpu, memory }: Wishes): WantedResources {
  return {
    cpuRequest: cpu?.request ?? defaults.cpuRequest,
    cpuLimit: cpu?.limit ?? defaults.cpuLimit,
    memoryRequest: memory?.request ?? defaults.memoryRequest,
    memoryLimit: memory?.limit ?? defaults.memoryLimit,
    isCpuLimited: cpu?.limit !== undefined,
    spoolBytes: SPOOL_VOLUME_BYTES,
  };
}
