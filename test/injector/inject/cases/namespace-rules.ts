/** What the namespace enforces comes first: Pod Security, LimitRange, ResourceQuota. */
import type { V1LimitRangeItem, V1ResourceQuota, V1ResourceQuotaSpec } from '@kubernetes/client-node';
import type { NamespaceFacts } from '../../../../injector/inject/facts.ts';
import {
  containerWith,
  type InjectionCase,
  podWith,
  resources,
  restrictedContext,
} from '../injection-case.ts';

const restrictedPod = podWith({
  securityContext: { fsGroup: 2000 },
  containers: [containerWith({ securityContext: restrictedContext })],
});
const sizedPod = podWith({
  containers: [
    containerWith({
      resources: { requests: resources('100m', '128Mi'), limits: resources('500m', '256Mi') },
    }),
  ],
});

function enforcing(level: string): Partial<NamespaceFacts> {
  return { labels: { 'pod-security.kubernetes.io/enforce': level } };
}

function limited(...limits: V1LimitRangeItem[]): Partial<NamespaceFacts> {
  return { limitRanges: [{ limits }] };
}

export function quota(
  hard: Record<string, string>,
  used: Record<string, string>,
  spec: V1ResourceQuotaSpec = {},
): V1ResourceQuota {
  return { metadata: { name: 'compute' }, spec: { hard, ...spec }, status: { hard, used } };
}

export const namespaceRuleCases: readonly InjectionCase[] = [
  {
    name: 'restricted admits the agent of the same user',
    pod: restrictedPod,
    namespace: enforcing('restricted'),
  },
  {
    name: 'baseline admits the agent of the same user',
    pod: restrictedPod,
    namespace: enforcing('baseline'),
  },
  { name: 'baseline leaves no form for an unknown user', pod: podWith(), namespace: enforcing('baseline') },
  {
    name: 'baseline leaves no form for root',
    pod: podWith({ securityContext: { runAsUser: 0, runAsGroup: 0 } }),
    namespace: enforcing('baseline'),
  },
  {
    name: 'baseline and a container that may gain privileges',
    pod: podWith({
      containers: [
        containerWith({
          securityContext: { runAsUser: 1000, runAsGroup: 1000, allowPrivilegeEscalation: true },
        }),
      ],
    }),
    namespace: enforcing('baseline'),
  },
  {
    name: 'the cluster’s default level holds where the namespace has no label',
    pod: podWith(),
    settings: { defaultPodSecurity: 'restricted' },
  },
  {
    name: 'a label of its own comes before the cluster’s default',
    pod: podWith(),
    namespace: enforcing('privileged'),
    settings: { defaultPodSecurity: 'restricted' },
  },
  { name: 'an unknown level is taken for restricted', pod: podWith(), namespace: enforcing('strict') },
  {
    name: 'requests are raised to a LimitRange’s minimum',
    pod: sizedPod,
    namespace: limited({ type: 'Container', min: resources('100m', '100Mi') }),
  },
  {
    name: 'a maximum needs a limit and lowers it',
    pod: sizedPod,
    namespace: limited({ type: 'Container', max: resources('500m', '256Mi') }),
  },
  {
    name: 'a maximum under the default limit lowers the memory',
    pod: podWith({ containers: [containerWith({ resources: { limits: resources('50m', '96Mi') } })] }),
    namespace: limited({ type: 'Container', max: resources('50m', '96Mi') }),
  },
  {
    name: 'a ratio brings request and limit together',
    pod: sizedPod,
    namespace: limited({
      type: 'Container',
      maxLimitRequestRatio: { cpu: '5', memory: '2' },
    }),
  },
  {
    name: 'a tight ratio raises the request',
    pod: podWith({
      containers: [
        containerWith({
          resources: { requests: resources('1', '1Gi'), limits: resources('1500m', '1536Mi') },
        }),
      ],
    }),
    namespace: limited({ type: 'Container', maxLimitRequestRatio: { cpu: '1500m', memory: '1500m' } }),
  },
  {
    name: 'defaults are not left to the LimitRange',
    pod: sizedPod,
    namespace: limited({
      type: 'Container',
      _default: { ...resources('2', '2Gi'), 'nvidia.com/gpu': '1' },
      defaultRequest: resources('500m', '1Gi'),
    }),
  },
  {
    name: 'a maximum that no agent can live in',
    pod: podWith({ containers: [containerWith({ resources: { limits: resources('10m', '32Mi') } })] }),
    namespace: limited({ type: 'Container', max: resources('10m', '32Mi') }),
  },
  {
    name: 'what is left under the pod’s maximum is the agent’s limit',
    pod: sizedPod,
    namespace: limited({ type: 'Pod', max: { memory: '350Mi' } }),
  },
  {
    name: 'a limit that would fall under the pod’s minimum is raised',
    pod: podWith({ containers: [containerWith({ resources: { requests: resources('1', '1Gi') } })] }),
    namespace: limited({ type: 'Pod', min: resources('200m', '512Mi') }),
  },
  {
    name: 'a quota with room needs a CPU limit where it counts one',
    pod: sizedPod,
    namespace: {
      quotas: [
        quota(
          {
            'requests.cpu': '4',
            'limits.cpu': '8',
            'requests.memory': '8Gi',
            'limits.memory': '8Gi',
            pods: '10',
          },
          {
            'requests.cpu': '1',
            'limits.cpu': '1',
            'requests.memory': '1Gi',
            'limits.memory': '1Gi',
            pods: '1',
          },
        ),
      ],
    },
  },
  {
    name: 'a quota with little room lowers what the agent asks for',
    pod: sizedPod,
    namespace: { quotas: [quota({ cpu: '1', memory: '1Gi' }, { cpu: '890m', memory: '880Mi' })] },
  },
  {
    name: 'a quota without room leaves the pod alone',
    pod: sizedPod,
    namespace: { quotas: [quota({ 'requests.cpu': '1' }, { 'requests.cpu': '900m' })] },
  },
  {
    name: 'a quota of another class of pods says nothing',
    pod: sizedPod,
    namespace: {
      quotas: [quota({ 'requests.cpu': '1' }, { 'requests.cpu': '1' }, { scopes: ['BestEffort'] })],
    },
  },
  {
    name: 'a BestEffort pod stays one where its quota counts no other',
    pod: podWith(),
    namespace: {
      quotas: [quota({ 'requests.cpu': '1' }, { 'requests.cpu': '0' }, { scopes: ['NotBestEffort'] })],
    },
  },
  {
    name: 'a quota of ephemeral storage makes the spool smaller',
    pod: podWith(),
    namespace: {
      quotas: [quota({ 'limits.ephemeral-storage': '1Gi' }, { 'limits.ephemeral-storage': '1008Mi' })],
    },
  },
];
