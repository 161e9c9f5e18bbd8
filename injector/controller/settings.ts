/** What the operator decides about aggregators, as variables of the injector's environment. */
import {
  anyText,
  defaulted,
  dnsName,
  type Kind,
  matching,
  oneOf,
  optional,
  type Settings,
} from '../../lib/config.ts';
import { keeperEnvironment } from '../../protocol/names.ts';

const quantity = matching(/^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/, 'a Kubernetes quantity, as 50m or 10Gi');
const POD_FIELDS = [
  'nodeSelector',
  'tolerations',
  'affinity',
  'priorityClassName',
  'imagePullSecrets',
] as const;

/** Fields of a pod spec that say where it runs and how its image is pulled. */
export type PodPlacement = Readonly<Partial<Record<(typeof POD_FIELDS)[number], never>>>;

const placement: Kind<PodPlacement> = {
  rule: `a JSON object of ${POD_FIELDS.join(', ')}`,
  parse: (text) => {
    const value = parseObject(text);
    const isKnown =
      value && Object.keys(value).every((key) => (POD_FIELDS as readonly string[]).includes(key));
    return isKnown ? (value as PodPlacement) : undefined;
  },
};

export const controllerSettings = {
  controller: defaulted(oneOf('on', 'off'), 'off', {
    variable: 'PODOMETER_CONTROLLER',
    doc: '`on`: keeps an aggregator in each namespace that needs one.',
  }),
  lease: defaulted(dnsName, 'podometer-controller', {
    variable: 'PODOMETER_LEASE',
    doc: 'The Lease in its own namespace by which one of several replicas is chosen to do so.',
  }),
  podName: optional(dnsName, {
    variable: 'PODOMETER_POD_NAME',
    doc: 'Its name in the Lease; the host name where it is absent.',
  }),
  storageSize: defaulted(quantity, '10Gi', {
    variable: 'PODOMETER_AGGREGATOR_STORAGE_SIZE',
    doc: 'How much each aggregator claims, where its namespace does not say.',
  }),
  storageClass: optional(dnsName, {
    variable: 'PODOMETER_AGGREGATOR_STORAGE_CLASS',
    doc: "Of what class; the cluster's default where it is absent.",
  }),
  aggregatorCpuRequest: defaulted(quantity, '50m', {
    variable: 'PODOMETER_AGGREGATOR_CPU_REQUEST',
    doc: "An aggregator's CPU request.",
  }),
  aggregatorCpuLimit: defaulted(quantity, '1', {
    variable: 'PODOMETER_AGGREGATOR_CPU_LIMIT',
    doc: "An aggregator's CPU limit, set only where a quota of its namespace asks for one.",
  }),
  aggregatorMemoryRequest: defaulted(quantity, '256Mi', {
    variable: 'PODOMETER_AGGREGATOR_MEMORY_REQUEST',
    doc: "An aggregator's memory request.",
  }),
  aggregatorMemoryLimit: defaulted(quantity, '512Mi', {
    variable: 'PODOMETER_AGGREGATOR_MEMORY_LIMIT',
    doc: "An aggregator's memory limit.",
  }),
  aggregatorPod: defaulted(placement, '{}', {
    variable: 'PODOMETER_AGGREGATOR_POD',
    doc: 'Where aggregators run: fields of a pod spec as JSON.',
  }),
};

/** Variables of aggregators that the injector only passes on; an aggregator says what is wrong with one. */
export const passedSettings = Object.fromEntries(
  Object.values(keeperEnvironment).map((variable) => [
    variable,
    optional(anyText, { variable, doc: 'Passed on to every aggregator.' }),
  ]),
);

export interface AggregatorSettings {
  readonly image: string;
  readonly imagePullPolicy: string;
  readonly storage: { readonly size: string; readonly className: string | undefined };
  readonly cpuRequest: string;
  /** Set only where a quota asks for one. */
  readonly cpuLimit: string;
  readonly memoryRequest: string;
  readonly memoryLimit: string;
  readonly pod: PodPlacement;
  /** Variables that say how long history is kept and where it is forwarded to, as the injector was given them. */
  readonly keeper: Readonly<Record<string, string>>;
  /** The header by which they prove who they are there. */
  readonly forwardAuthorization: string | undefined;
}

export function aggregatorSettings(
  config: Settings<typeof controllerSettings> & { readonly image: string; readonly imagePullPolicy: string },
  passed: Readonly<Record<string, unknown>>,
): AggregatorSettings {
  const keeper = Object.values(keeperEnvironment).flatMap((name) => {
    const value = textOf(passed[name]);
    const isSecret = name === keeperEnvironment.forwardAuthorization;
    return isSecret || value === undefined ? [] : [[name, value] as const];
  });
  return {
    image: config.image,
    imagePullPolicy: config.imagePullPolicy,
    storage: { size: config.storageSize, className: config.storageClass },
    cpuRequest: config.aggregatorCpuRequest,
    cpuLimit: config.aggregatorCpuLimit,
    memoryRequest: config.aggregatorMemoryRequest,
    memoryLimit: config.aggregatorMemoryLimit,
    pod: config.aggregatorPod,
    keeper: Object.fromEntries(keeper),
    forwardAuthorization: textOf(passed[keeperEnvironment.forwardAuthorization]),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
