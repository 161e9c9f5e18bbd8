/** How the tests say what is to be injected where: a pod, and what differs from a plain cluster. */
import type { V1Container, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import type { PodRequest } from '../../../injector/inject/admit.ts';
import type {
  ClusterFacts,
  MetricSetFacts,
  NamespaceFacts,
  OwnerFacts,
} from '../../../injector/inject/facts.ts';
import {
  DEFAULT_AGENT_RESOURCES,
  DEFAULT_AGGREGATOR_URL,
  type InjectSettings,
} from '../../../injector/inject/settings.ts';
import { PROFILE_LABEL } from '../../../protocol/names.ts';

export interface InjectionCase {
  /** A sentence about behaviour; its words name the file of what is expected. */
  readonly name: string;
  readonly pod: V1Pod;
  readonly namespace?: Partial<NamespaceFacts>;
  readonly owners?: readonly OwnerFacts[];
  readonly metricSets?: readonly MetricSetFacts[];
  readonly serverMinor?: number;
  readonly operation?: string;
  readonly settings?: Partial<InjectSettings>;
}

export const settings: InjectSettings = {
  version: '1.2.3',
  image: 'registry.example/podometer:1.2.3',
  imagePullPolicy: 'IfNotPresent',
  ownNamespace: 'podometer-system',
  excludedNamespaces: ['payments'],
  namespaceSelector: 'all',
  interval: '1s',
  metrics: 'performance,time,pressure',
  resources: DEFAULT_AGENT_RESOURCES,
  defaultPodSecurity: 'privileged',
  aggregatorUrl: DEFAULT_AGGREGATOR_URL,
  ca: undefined,
};

export function requestOf(example: Omit<InjectionCase, 'name'>): PodRequest {
  const namespace: NamespaceFacts = {
    name: 'team-a',
    labels: {},
    limitRanges: [],
    quotas: [],
    ...example.namespace,
  };
  const facts: ClusterFacts = {
    serverMinor: example.serverMinor ?? 36,
    namespace,
    owners: example.owners ?? [],
    metricSets: example.metricSets ?? [],
  };
  return {
    pod: example.pod,
    namespace: namespace.name,
    operation: example.operation ?? 'CREATE',
    dryRun: false,
    facts,
    settings: { ...settings, ...example.settings },
  };
}

/** A labelled pod of one container `app`, as the API server would show it. */
export function podWith(
  spec: Partial<V1PodSpec> = {},
  metadata: {
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
    name?: string;
    generateName?: string;
  } = {},
): V1Pod {
  const { labels, ...others } = metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(others.generateName === undefined && { name: 'solver' }),
      ...others,
      labels: { [PROFILE_LABEL]: 'true', ...labels },
    },
    spec: { containers: [containerWith()], ...spec },
  };
}

export function containerWith(fields: Partial<V1Container> = {}): V1Container {
  return { name: 'app', image: 'registry.example/app:7', resources: {}, ...fields };
}

/** Everything that `restricted` asks for. */
export const restrictedContext = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 1000,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

export function resources(cpu: string, memory: string): { cpu: string; memory: string } {
  return { cpu, memory };
}
