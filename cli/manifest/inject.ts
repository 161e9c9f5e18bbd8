/** Adds the agent to a pod template by the injector's own policy, for clusters where no injector runs. */
import { type Admission, admitPod } from '../../injector/inject/admit.ts';
import type { PodSecurityLevel } from '../../injector/inject/pod-security-level.ts';
import type { InjectSettings } from '../../injector/inject/settings.ts';
import type { ChangedPod } from './changed-manifests.ts';
import { withoutNulls } from './checked-pod.ts';
import { patched } from './json-patch.ts';
import { labelled } from './label.ts';
import type { PodTemplate } from './pod-template.ts';

/** What a webhook would read from the cluster. */
export interface AssumedCluster {
  readonly serverMinor: number;
  /** Of objects that do not say. */
  readonly namespace: string;
  readonly podSecurity: PodSecurityLevel;
}

/** Labels the template and adds the agent. What is left alone keeps its label. */
export function injectTemplate(
  template: PodTemplate,
  settings: InjectSettings,
  cluster: AssumedCluster,
): ChangedPod {
  const { pod } = labelled(template.pod);
  const admission = admitPod({
    pod: withoutNulls(pod),
    namespace: template.namespace ?? cluster.namespace,
    operation: 'CREATE',
    dryRun: true,
    facts: factsOf(template, cluster),
    settings,
  });
  return {
    pod: admission.kind === 'inject' ? patched(pod, admission.patch) : pod,
    said: said(admission),
  };
}

function factsOf(
  { apiVersion, kind, name, namespace }: PodTemplate,
  cluster: AssumedCluster,
): Parameters<typeof admitPod>[0]['facts'] {
  return {
    serverMinor: cluster.serverMinor,
    namespace: {
      name: namespace ?? cluster.namespace,
      labels: { 'pod-security.kubernetes.io/enforce': cluster.podSecurity },
      limitRanges: [],
      quotas: [],
    },
    owners: kind === 'Pod' ? [] : [{ apiVersion, kind, name, uid: '', labels: {} }],
    metricSets: [],
  };
}

function said(admission: Admission): string {
  if (admission.kind === 'inject') return ['the agent is added', ...admission.warnings].join('; ');
  return admission.warning ?? 'it has the agent already';
}
