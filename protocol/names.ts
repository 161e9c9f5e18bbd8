/** Names that more than one program must spell alike. */

/** Set in the environment of a local run's command; every process that inherits it belongs to the run. Nested runs append theirs after a `:`. */
export const RUN_ENVIRONMENT_VARIABLE = 'PODOMETER_RUN';

/** The data folder of local history, where `--data` does not name one. */
export const DATA_ENVIRONMENT_VARIABLE = 'PODOMETER_DATA';

/** Where `podometer serve` and the aggregator listen by default. */
export const DEFAULT_PORT = 7463;

/** Of MetricSets, and of the resource `runs` that stands for runs in roles. */
export const API_GROUP = 'podometer.dev';

/** Labels. On a pod template: measure its pods. On a namespace: it has an aggregator before its first pod; where values ask for it, only such namespaces take part. */
export const PROFILE_LABEL = 'podometer.dev/profile';
export const ENABLED_LABEL = 'podometer.dev/enabled';

/** Annotations of a pod template, each one's value checked and never a reason to refuse the pod (docs/injection.md). */
export const annotations = {
  interval: 'podometer.dev/interval',
  metrics: 'podometer.dev/metrics',
  containers: 'podometer.dev/containers',
  run: 'podometer.dev/run',
  tags: 'podometer.dev/tags',
  cpu: 'podometer.dev/cpu',
  memory: 'podometer.dev/memory',
  recordArgs: 'podometer.dev/record-args',
  metricSet: 'podometer.dev/metric-set',
  measures: 'podometer.dev/measures',
} as const;

/** On the pods that the controller makes for a MetricSet's storage metrics: its uid. The run is the MetricSet's, not the Job's. */
export const METRIC_SET_UID_LABEL = 'podometer.dev/metric-set-uid';
/** On all that is made for one of these runs: its number. */
export const STORAGE_RUN_LABEL = 'podometer.dev/storage-run';

/** On a MetricSet: a new value measures its volumes again. */
export const RUN_AGAIN_ANNOTATION = 'podometer.dev/run-again';

/** Set by the injector on a pod that has the agent: the version that put it there. */
export const INJECTED_ANNOTATION = 'podometer.dev/injected';
/** Set with it: what was put into the pod beside the agent (injector/inject/added-parts.ts). */
export const ADDED_ANNOTATION = 'podometer.dev/added';

export const AGENT_CONTAINER = 'podometer-agent';
export const SPOOL_VOLUME = 'podometer-spool';
export const SPOOL_FOLDER = '/var/run/podometer/spool';
export const TOKEN_VOLUME = 'podometer-token';
export const TOKEN_FOLDER = '/var/run/podometer/token';
export const TOKEN_FILE = 'token';
/** For whom an agent's projected ServiceAccount token is made out. */
export const TOKEN_AUDIENCE = 'podometer';
/** The Service and StatefulSet of the aggregator in each namespace. */
export const AGGREGATOR_NAME = 'podometer-aggregator';
/** The one pod of that StatefulSet. */
export const AGGREGATOR_POD = `${AGGREGATOR_NAME}-0`;
/** The ConfigMap in which the controller tells how a namespace's aggregator stands, and by which authority it is known. */
export const STATUS_CONFIG_MAP = 'podometer-status';

/** The agent in a pod is configured by its environment alone; types, defaults and bounds stand in docs/configuration.md. */
export const agentEnvironment = {
  podName: 'PODOMETER_POD_NAME',
  podUid: 'PODOMETER_POD_UID',
  namespace: 'PODOMETER_NAMESPACE',
  node: 'PODOMETER_NODE',
  workloadKind: 'PODOMETER_WORKLOAD_KIND',
  workloadName: 'PODOMETER_WORKLOAD_NAME',
  runId: 'PODOMETER_RUN_ID',
  /** The member's rank: an Indexed Job's completion index, a StatefulSet's ordinal. */
  rank: 'PODOMETER_RANK',
  metricSet: 'PODOMETER_METRIC_SET',
  /** Comma-separated; a metric's options follow a colon: `performance,storage:volumes=off` (metric-choice.ts). */
  metrics: 'PODOMETER_METRICS',
  interval: 'PODOMETER_INTERVAL',
  /** Comma-separated names; all but the agent's own where absent. */
  containers: 'PODOMETER_CONTAINERS',
  tags: 'PODOMETER_TAGS',
  aggregatorUrl: 'PODOMETER_AGGREGATOR_URL',
  /** PEM text, not a path. */
  ca: 'PODOMETER_CA',
  tokenFile: 'PODOMETER_TOKEN_FILE',
  spool: 'PODOMETER_SPOOL',
  spoolBytes: 'PODOMETER_SPOOL_BYTES',
  cpuBudget: 'PODOMETER_CPU_BUDGET',
  recordArgs: 'PODOMETER_RECORD_ARGS',
  /** `sidecar`: goes on until it is told to stop. `container`: ends by itself once every target container has. */
  lifecycle: 'PODOMETER_LIFECYCLE',
  gracePeriod: 'PODOMETER_GRACE_PERIOD',
  /** Names of figures that the programs tell, comma-separated, and the shared folder in which they find the socket. */
  measures: 'PODOMETER_MEASURES',
  measuresFolder: 'PODOMETER_MEASURES_FOLDER',
} as const;

/** Whoever serves a history: how long it is kept and where its live figures go (docs/retention.md, docs/scaling.md). */
export const keeperEnvironment = {
  samplesFor: 'PODOMETER_KEEP_SAMPLES_FOR',
  levelsFor: 'PODOMETER_KEEP_LEVELS_FOR',
  runsFor: 'PODOMETER_KEEP_RUNS_FOR',
  runs: 'PODOMETER_KEEP_RUNS',
  bytes: 'PODOMETER_KEEP_BYTES',
  free: 'PODOMETER_KEEP_FREE',
  baselineRuns: 'PODOMETER_KEEP_BASELINE_RUNS',
  forwardUrl: 'PODOMETER_FORWARD_URL',
  forwardAs: 'PODOMETER_FORWARD_AS',
  forwardInterval: 'PODOMETER_FORWARD_INTERVAL',
  forwardAuthorization: 'PODOMETER_FORWARD_AUTHORIZATION',
  forwardSpoolBytes: 'PODOMETER_FORWARD_SPOOL_BYTES',
} as const;

/** A volume that a pod's containers share with the agent, where they tell it figures of their own (docs/results.md). */
export const MEASURES_VOLUME = 'podometer-measures';
export const MEASURES_FOLDER = '/var/run/podometer/measures';
export const MEASURES_SOCKET = 'socket';
/** Where agents send their batches. */
export const BATCHES_PATH = '/v1/batches';
/** Of the body there. */
export const BATCH_CONTENT_TYPE = 'application/vnd.podometer.batch';
