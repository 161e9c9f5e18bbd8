/** What is done with one pod: the whole policy in one pure call, for the webhook and for `podometer inject`. */
import type { V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { annotations } from '../../protocol/names.ts';
import { readAnnotations, type Wishes } from './annotations.ts';
import { reasonToSkip } from './decide.ts';
import type { ClusterFacts } from './facts.ts';
import { admissibleForm } from './form.ts';
import { gracePeriodOf } from './grace-period.ts';
import { type Identity, identify } from './identity.ts';
import type { JsonPatch } from './json-patch.ts';
import { measuresVolume } from './measures-volume.ts';
import { measuringOf } from './measuring.ts';
import { agentPatch } from './patch.ts';
import { containersOf } from './pod-demand.ts';
import { enforcedLevel } from './pod-security-level.ts';
import { agentPrivilege, targetsOf } from './privilege.ts';
import type { InjectSettings } from './settings.ts';
import { type SkipReason, skipWarning } from './skip-reasons.ts';

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

/** From this minor version on a sidecar starts before the app and ends after it. */
const NATIVE_SIDECARS_SINCE = 29;

export function admitPod({ pod, namespace, operation, facts, settings }: PodRequest): Admission {
  const { spec } = pod;
  const reason = reasonToSkip(pod, operation, facts.namespace, settings);
  if (reason !== undefined || spec === undefined) return skip(reason ?? 'not-a-creation');
  const { wishes, warnings } = wishesOf(pod, spec);
  const level = enforcedLevel(facts.namespace, settings.defaultPodSecurity);
  const privilege = agentPrivilege(spec, targetsOf(spec, wishes.containers), level === 'privileged');
  if (typeof privilege === 'string') return skip('pod-security', privilege);
  const identity = identify(pod, facts.owners);
  const measuring = measuringOf(wishes, facts.metricSets, pod.metadata?.labels ?? {}, settings);
  const isNativeSidecar = facts.serverMinor >= NATIVE_SIDECARS_SINCE;
  const shared = measuresVolume(spec, wishes, measuring);
  const gracePeriod = gracePeriodOf(spec);
  const parts = {
    settings,
    namespace,
    identity,
    measuring,
    wishes,
    privilege,
    shared,
    isNativeSidecar,
    gracePeriod,
  };
  const form = admissibleForm(pod, spec, facts.namespace, level, parts);
  if ('reason' in form) return skip(form.reason, form.detail);
  return {
    kind: 'inject',
    patch: agentPatch(pod, form, settings.version),
    warnings: [
      ...warnings,
      ...measuring.warnings,
      ...(shared?.warnings ?? []),
      ...privilege.warnings,
      ...gracePeriod.warnings,
    ].map((sentence) => `podometer: ${sentence}`),
    identity,
  };
}

function skip(reason: SkipReason, detail?: string): Skip {
  return { kind: 'skip', reason, warning: skipWarning(reason, detail) };
}

/** A container may still come from another injector; but where none is there at all, the annotation is a mistake. */
function wishesOf(pod: V1Pod, spec: V1PodSpec): { wishes: Wishes; warnings: readonly string[] } {
  const { wishes, warnings } = readAnnotations(pod.metadata?.annotations ?? {});
  const { containers, ...others } = wishes;
  const missing = containers?.filter((name) => !containersOf(spec).some((one) => one.name === name)) ?? [];
  if (containers === undefined || missing.length === 0) return { wishes, warnings };
  const isMistake = missing.length === containers.length;
  const sentence = `the pod has no container ${missing.join(', ')} that ${annotations.containers} names`;
  return {
    wishes: isMistake ? others : wishes,
    warnings: [...warnings, isMistake ? `${sentence}: all are measured` : sentence],
  };
}
