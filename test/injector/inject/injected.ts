/** What holds for every pod that was injected, whatever it was. */
import assert from 'node:assert/strict';
import type { V1Container, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { admitPod, type Injection, type PodRequest } from '../../../injector/inject/admit.ts';
import { limitRangeViolations } from '../../../injector/inject/limit-range.ts';
import { containersDemand, containersOf, qosClass } from '../../../injector/inject/pod-demand.ts';
import { newViolations } from '../../../injector/inject/pod-security.ts';
import { enforcedLevel } from '../../../injector/inject/pod-security-level.ts';
import { amountOf } from '../../../injector/inject/quantity.ts';
import { quotaViolations } from '../../../injector/inject/quota.ts';
import { AGENT_CONTAINER, MEASURES_VOLUME } from '../../../protocol/names.ts';
import { withApiDefaults } from './api-defaults.ts';
import { applyPatch } from './apply-patch.ts';
import { ruleFaults } from './pod-rules.ts';
import { schemaFaults } from './pod-schema.ts';
import { resourceFaults, restrictedFaults, securityFaults } from './second-judge.ts';

/** Also returns the pod as it is then. */
export function assertSoundInjection(request: PodRequest, { patch }: Injection): V1Pod {
  const { pod, facts, settings } = request;
  const after = applyPatch(pod, patch);
  assert.deepEqual(schemaFaults(after), []);
  assert.deepEqual(ruleFaults(after), ruleFaults(pod));
  assert.deepEqual(
    definedPart(withoutAgent(after)),
    definedPart(withoutAgent(pod)),
    "the pod's own parts are as they were",
  );
  const level = enforcedLevel(facts.namespace, settings.defaultPodSecurity);
  assert.deepEqual(newViolations(level, pod, after), []);
  assert.ok(pod.spec !== undefined && after.spec !== undefined);
  assert.deepEqual(limitRangeViolations(after.spec, facts.namespace.limitRanges), []);
  assert.deepEqual(quotaViolations(after.spec, facts.namespace.quotas), []);
  assert.deepEqual(securityFaults(level, pod, after), []);
  const { limitRanges, quotas } = facts.namespace;
  assert.deepEqual(resourceFaults(pod.spec, after.spec, limitRanges, quotas), []);
  const agent = agentOf(after.spec);
  // An agent of the pod's own user is fit for the strictest level, whatever the namespace asks for.
  if (agent?.securityContext?.runAsUser !== 0) assert.deepEqual(agent && restrictedFaults(agent), []);
  const filled = withApiDefaults(after.spec, facts.namespace.limitRanges);
  assert.deepEqual(agentOf(filled), agentOf(after.spec), 'the API server has nothing to fill in');
  assert.equal(qosClass(after.spec) === 'Guaranteed', qosClass(pod.spec) === 'Guaranteed');
  for (const resource of ['cpu', 'memory']) {
    const own = amountOf(resource, after.spec.resources?.requests?.[resource]);
    assert.ok((containersDemand(after.spec, 'requests', resource) ?? 0) <= (own ?? Number.POSITIVE_INFINITY));
  }
  assert.deepEqual(admitPod({ ...request, pod: after }), {
    kind: 'skip',
    reason: 'already-injected',
    warning: undefined,
  });
  return after;
}

/** As text, for every byte of it counts. */
function withoutAgent({ metadata, spec }: V1Pod): object {
  const volumes = spec?.volumes?.filter(({ name }) => !/^podometer-(spool|token|measures)/.test(name));
  const own = (containers: V1Container[] | undefined): string | undefined => {
    const others = containers?.filter(({ name }) => name !== AGENT_CONTAINER).map(withoutMeasures);
    return others?.length === 0 ? undefined : JSON.stringify(others);
  };
  return {
    labels: metadata?.labels,
    spec: {
      ...spec,
      containers: own(spec?.containers),
      initContainers: own(spec?.initContainers),
      volumes: volumes?.length === 0 ? undefined : volumes,
      shareProcessNamespace: undefined,
    },
  };
}

/** A mount of that volume is all that a container may get. */
function withoutMeasures({ volumeMounts, ...container }: V1Container): V1Container {
  const others = volumeMounts?.filter(({ name }) => name !== MEASURES_VOLUME) ?? [];
  return { ...container, ...(others.length > 0 && { volumeMounts: others }) };
}

function agentOf(spec: V1PodSpec): V1Container | undefined {
  return containersOf(spec).find(({ name }) => name === AGENT_CONTAINER);
}

function definedPart(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}
