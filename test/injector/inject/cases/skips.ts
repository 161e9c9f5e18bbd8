/** One pod for each reason to leave it alone. */
import type { V1Affinity } from '@kubernetes/client-node';
import { PROFILE_LABEL } from '../../../../protocol/names.ts';
import { containerWith, type InjectionCase, podWith } from '../injection-case.ts';

export const skipCases: readonly InjectionCase[] = [
  { name: 'a pod without the label', pod: { ...podWith(), metadata: { name: 'solver' } } },
  { name: 'a label of another value', pod: podWith({}, { labels: { [PROFILE_LABEL]: 'false' } }) },
  { name: 'a pod that is changed and not made', pod: podWith(), operation: 'UPDATE' },
  {
    name: 'a container of its own with the agent’s name',
    pod: podWith({ containers: [containerWith(), containerWith({ name: 'podometer-agent' })] }),
  },
  {
    name: 'a mirror pod',
    pod: podWith({ nodeName: 'n1' }, { annotations: { 'kubernetes.io/config.mirror': 'abc' } }),
  },
  { name: 'kube-system', pod: podWith(), namespace: { name: 'kube-system' } },
  { name: 'the injector’s own namespace', pod: podWith(), namespace: { name: 'podometer-system' } },
  { name: 'an excluded namespace', pod: podWith(), namespace: { name: 'payments' } },
  {
    name: 'a namespace that has to be enabled',
    pod: podWith(),
    settings: { namespaceSelector: 'enabled' },
  },
  { name: 'a Windows pod', pod: podWith({ os: { name: 'windows' } }) },
  {
    name: 'a pod that asks for Windows nodes',
    pod: podWith({ nodeSelector: { 'kubernetes.io/os': 'windows' } }),
  },
  {
    name: 'a pod whose affinity asks for Windows nodes',
    pod: podWith({ affinity: affinityTo(['windows']) }),
  },
  { name: 'a hostPID pod', pod: podWith({ hostPID: true }) },
  { name: 'shareProcessNamespace false', pod: podWith({ shareProcessNamespace: false }) },
];

function affinityTo(...systems: string[][]): V1Affinity {
  const nodeSelectorTerms = systems.map((values) => ({
    matchExpressions: [{ key: 'kubernetes.io/os', operator: 'In', values }],
  }));
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}
