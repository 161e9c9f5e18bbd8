/** What a cluster's operator decides about injection, once for all pods. Pure data: injector/config.ts makes it. */
import type { PodSecurityLevel } from './pod-security-level.ts';

export interface InjectSettings {
  /** Of this program: the value of `podometer.dev/injected`. */
  readonly version: string;
  readonly image: string;
  readonly imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never';
  /** The namespace that the injector itself runs in. */
  readonly ownNamespace: string;
  /** In which nothing is injected, beside kube-system and `ownNamespace`. */
  readonly excludedNamespaces: readonly string[];
  /** `all`: the label on the pod is enough. `enabled`: its namespace must have `podometer.dev/enabled: "true"` too. */
  readonly namespaceSelector: 'all' | 'enabled';
  /** As the annotations of the same names would have it. */
  readonly interval: string;
  readonly metrics: string;
  readonly resources: AgentResources;
  /** What the API server enforces in a namespace without a label of its own. */
  readonly defaultPodSecurity: PodSecurityLevel;
  /** `NAMESPACE` in it becomes the pod's own. Undefined: the agent's summary goes to its log. */
  readonly aggregatorUrl: string | undefined;
  /** PEM text of who signs the aggregators' certificates. */
  readonly ca: string | undefined;
}

/** Kubernetes quantities. A `cpuLimit` is set only where something asks for one: QoS, LimitRange, quota, annotation. */
export interface AgentResources {
  readonly cpuRequest: string;
  readonly cpuLimit: string;
  readonly memoryRequest: string;
  readonly memoryLimit: string;
}

/** What is taken where the operator says nothing. */
export const DEFAULT_AGENT_RESOURCES: AgentResources = {
  cpuRequest: '20m',
  cpuLimit: '100m',
  memoryRequest: '64Mi',
  memoryLimit: '128Mi',
};

export const DEFAULT_AGGREGATOR_URL = 'https://podometer-aggregator.NAMESPACE.svc:7463';
