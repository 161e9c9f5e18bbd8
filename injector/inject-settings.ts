/** What the operator decides about injection, as variables of the injector's environment. */
import {
  asWritten,
  defaulted,
  dnsName,
  duration,
  listOf,
  matching,
  oneOf,
  optional,
  required,
  type Settings,
} from '../lib/config.ts';
import { metricChoice } from '../lib/measuring-options.ts';
import { LEAST_INTERVAL_MS, MOST_INTERVAL_MS } from '../protocol/limits.ts';
import { defaultMetrics } from '../protocol/metrics.ts';
import { podSecurityLevels } from './inject/pod-security-level.ts';
import { DEFAULT_AGENT_RESOURCES, DEFAULT_AGGREGATOR_URL, type InjectSettings } from './inject/settings.ts';

const NO_AGGREGATOR = 'none';

const quantity = matching(/^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/, 'a Kubernetes quantity, as 100m or 64Mi');
const aggregatorUrl = matching(
  /^(https?:\/\/\S+|none)$/,
  `an address that begins with https:// or http://, or \`${NO_AGGREGATOR}\``,
);

export const policySettings = {
  image: required(matching(/^\S+$/, 'the name of an image'), {
    variable: 'PODOMETER_IMAGE',
    doc: "The agent's image.",
  }),
  imagePullPolicy: defaulted(oneOf('Always', 'IfNotPresent', 'Never'), 'IfNotPresent', {
    variable: 'PODOMETER_IMAGE_PULL_POLICY',
    doc: 'When a node pulls it.',
  }),
  excludedNamespaces: optional(listOf(dnsName, 'names of namespaces, separated by commas'), {
    variable: 'PODOMETER_EXCLUDED_NAMESPACES',
    doc: "Namespaces in which no pod is injected, beside kube-system and the injector's own.",
  }),
  namespaceSelector: defaulted(oneOf('all', 'enabled'), 'all', {
    variable: 'PODOMETER_NAMESPACE_SELECTOR',
    doc: '`all`: the label on the pod is enough. `enabled`: its namespace must have `podometer.dev/enabled: "true"` too.',
  }),
  interval: defaulted(asWritten(duration(LEAST_INTERVAL_MS, MOST_INTERVAL_MS)), '1s', {
    variable: 'PODOMETER_INTERVAL',
    doc: 'Time between two samples, where the pod does not say.',
  }),
  metrics: defaulted(asWritten(metricChoice), defaultMetrics.join(','), {
    variable: 'PODOMETER_METRICS',
    doc: 'What is measured (metrics.md), where the pod does not say.',
  }),
  cpuRequest: defaulted(quantity, DEFAULT_AGENT_RESOURCES.cpuRequest, {
    variable: 'PODOMETER_CPU_REQUEST',
    doc: "The agent's CPU request.",
  }),
  cpuLimit: defaulted(quantity, DEFAULT_AGENT_RESOURCES.cpuLimit, {
    variable: 'PODOMETER_CPU_LIMIT',
    doc: "The agent's CPU limit, set only where something asks for one.",
  }),
  memoryRequest: defaulted(quantity, DEFAULT_AGENT_RESOURCES.memoryRequest, {
    variable: 'PODOMETER_MEMORY_REQUEST',
    doc: "The agent's memory request.",
  }),
  memoryLimit: defaulted(quantity, DEFAULT_AGENT_RESOURCES.memoryLimit, {
    variable: 'PODOMETER_MEMORY_LIMIT',
    doc: "The agent's memory limit.",
  }),
  defaultPodSecurity: defaulted(oneOf(...podSecurityLevels), 'privileged', {
    variable: 'PODOMETER_DEFAULT_POD_SECURITY',
    doc: 'The Pod Security Standard that the API server enforces in a namespace without a label of its own.',
  }),
  aggregatorUrl: defaulted(aggregatorUrl, DEFAULT_AGGREGATOR_URL, {
    variable: 'PODOMETER_AGGREGATOR_URL',
    doc: "Where agents send; `NAMESPACE` in it becomes the pod's own. `none`: an agent's summary goes to its log.",
  }),
  ca: optional(matching(/^-----BEGIN CERTIFICATE-----/, 'certificates as PEM text'), {
    variable: 'PODOMETER_CA',
    doc: "Signs the aggregators' certificates; the system's own authorities where it is absent.",
  }),
};

/** `version`: of this program. `ownNamespace`: where the injector runs. */
export function injectSettings(
  config: Settings<typeof policySettings>,
  version: string,
  ownNamespace: string,
): InjectSettings {
  const { image, imagePullPolicy, namespaceSelector, interval, metrics, defaultPodSecurity, ca } = config;
  const { cpuRequest, cpuLimit, memoryRequest, memoryLimit } = config;
  return {
    version,
    ownNamespace,
    image,
    imagePullPolicy,
    excludedNamespaces: config.excludedNamespaces ?? [],
    namespaceSelector,
    interval,
    metrics,
    resources: { cpuRequest, cpuLimit, memoryRequest, memoryLimit },
    defaultPodSecurity,
    aggregatorUrl: config.aggregatorUrl === NO_AGGREGATOR ? undefined : config.aggregatorUrl,
    ca,
  };
}
