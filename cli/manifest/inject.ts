/** Adds the agent to a pod template by the injector's own policy, for clusters where no injector runs. */
import type { V1Pod } from '@kubernetes/client-node';
import { type Admission, admitPod } from '../../injector/inject/admit.ts';
import type { PodSecurityLevel } from '../../injector/inject/pod-security-level.ts';
import type { InjectSettings } from '../../injector/inject/settings.ts';
import { applyPatch } from './json-patch.ts';
import { labelTemplate } from './label.ts';
import type { PodTemplate } from './pod-template.ts';

/** What a webhook would read from the cluster. */
export interface AssumedCluster {
  readonly serverMinor: number;
  /** Of objects that do not say. */
  readonly namespace: string;
  readonly podSecurity: PodSecurityLevel;
}

/** Labels the template and adds the agent; answers what a person is told. What is left alone keeps its label. */
export function injectTemplate(
  template: PodTemplate,
  settings: InjectSettings,
  cluster: AssumedCluster,
): string {
  labelTemplate(template);
  const admission = admitPod({
    pod: podOf(template),
    namespace: template.namespace ?? cluster.namespace,
    operation: 'CREATE',
    dryRun: true,
    facts: factsOf(template, cluster),
    settings,
  });
  if (admission.kind === 'inject') applyPatch(template.document, template.path, admission.patch);
  return said(admission);
}

function podOf({ document, path }: PodTemplate): V1Pod {
  let node: unknown = document.toJS();
  for (const key of path) node = (node as Record<string | number, unknown>)[key];
  const { metadata, spec } = node as V1Pod;
  return { ...(metadata && { metadata }), ...(spec && { spec }) };
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
