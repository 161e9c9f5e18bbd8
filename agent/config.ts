/** What the agent in a pod is told, by its environment alone. */
import {
  anyText,
  byteSize,
  defaulted,
  duration,
  listOf,
  matching,
  numberFrom,
  oneOf,
  optional,
  readSettings,
  required,
  type Settings,
  trueOrFalse,
  urlOf,
} from '../lib/config.ts';
import {
  LEAST_INTERVAL_MS,
  LONGEST_TAG_VALUE,
  MOST_INTERVAL_MS,
  MOST_TAGS,
  TAG_KEY_PATTERN,
} from '../protocol/limits.ts';
import { metricChoiceRule, parseMetricChoice } from '../protocol/metric-choice.ts';
import {
  MEASURES_FOLDER,
  measuresEnvironment,
  SPOOL_FOLDER,
  agentEnvironment as variables,
} from '../protocol/names.ts';
import { workloadKinds } from '../protocol/workload-kinds.ts';

const dnsName = matching(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'the name of a Kubernetes object');
const runId = matching(/^[\x21-\x7e]{1,128}$/, '1 to 128 printable ASCII characters without blanks');
const tagKey = new RegExp(TAG_KEY_PATTERN);

/** `key=value,key=value`. */
const tags = {
  rule: `at most ${MOST_TAGS} of key=value, separated by commas, a value of at most ${LONGEST_TAG_VALUE} characters`,
  parse(text: string): Readonly<Record<string, string>> | undefined {
    if (text === '') return {};
    const pairs = text.split(',').map((pair) => /^\s*([^=]+)=(.*)$/s.exec(pair)?.slice(1) ?? []);
    const areValid = pairs.every(
      ([key, value]) => tagKey.test(key ?? '') && value !== undefined && value.length <= LONGEST_TAG_VALUE,
    );
    return areValid && pairs.length <= MOST_TAGS ? Object.fromEntries(pairs) : undefined;
  },
};

const metricChoice = { rule: metricChoiceRule, parse: parseMetricChoice };

export const agentSettings = {
  podName: required(dnsName, { variable: variables.podName, doc: 'The pod: the member of the run.' }),
  podUid: required(anyText, { variable: variables.podUid, doc: 'Its uid, by which its mounts are known.' }),
  namespace: required(dnsName, { variable: variables.namespace, doc: 'Its namespace.' }),
  node: optional(anyText, { variable: variables.node, doc: 'The node that it runs on.' }),
  workloadKind: defaulted(oneOf(...workloadKinds), 'Pod', {
    variable: variables.workloadKind,
    doc: 'What was labelled.',
  }),
  workloadName: optional(dnsName, {
    variable: variables.workloadName,
    doc: "The workload's name; the pod's where it is absent.",
  }),
  run: optional(runId, {
    variable: variables.runId,
    doc: "The run that the pod is a member of; the pod's uid where it is absent.",
  }),
  rank: optional(matching(/^\d+$/, 'a whole number'), {
    variable: variables.rank,
    doc: "The member's completion index or ordinal, kept as the tag `rank`.",
  }),
  metricSet: optional(dnsName, {
    variable: variables.metricSet,
    doc: 'The MetricSet that asked for the run, kept as the tag `metric-set`.',
  }),
  choice: defaulted(metricChoice, 'performance,time,pressure', {
    variable: variables.metrics,
    doc: 'What is measured (metrics.md).',
  }),
  intervalMs: defaulted(duration(LEAST_INTERVAL_MS, MOST_INTERVAL_MS), '1s', {
    variable: variables.interval,
    doc: 'Time between two samples.',
  }),
  containers: optional(listOf(dnsName, 'names of containers, separated by commas'), {
    variable: variables.containers,
    doc: "The containers to measure; all but the agent's own where it is absent.",
  }),
  measures: optional(
    listOf(
      matching(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'a name of letters, digits and underscores'),
      'names of letters, digits and underscores, separated by commas',
    ),
    {
      variable: variables.measures,
      doc: 'Figures that the programs of the pod tell of themselves over a socket (results.md); none where it is absent.',
    },
  ),
  measuresFolder: defaulted(matching(/^\//, 'an absolute path'), MEASURES_FOLDER, {
    variable: variables.measuresFolder,
    doc: 'Where that socket is made: a volume that the containers share.',
  }),
  tags: defaulted(tags, '', { variable: variables.tags, doc: 'Tags of the run.' }),
  aggregatorUrl: optional(urlOf('https:', 'http:'), {
    variable: variables.aggregatorUrl,
    doc: 'Where batches go; where it is absent they stay in the spool, and the summary goes to standard output.',
  }),
  ca: optional(matching(/^-----BEGIN CERTIFICATE-----/, 'certificates as PEM text'), {
    variable: variables.ca,
    doc: "Signs the aggregator's certificate; the system's own authorities where it is absent.",
  }),
  tokenFile: optional(matching(/^\//, 'an absolute path'), {
    variable: variables.tokenFile,
    doc: 'A projected ServiceAccount token, read anew when it is replaced.',
  }),
  spoolFolder: defaulted(matching(/^\//, 'an absolute path'), SPOOL_FOLDER, {
    variable: variables.spool,
    doc: 'Where batches wait for the aggregator.',
  }),
  spoolBytes: defaulted(byteSize('64Ki', '64Gi'), '32Mi', {
    variable: variables.spoolBytes,
    doc: 'Above this the oldest detail in the spool becomes coarser.',
  }),
  cpuPercent: defaulted(numberFrom(0.1, 100), '1', {
    variable: variables.cpuBudget,
    doc: 'Percent of one core that the agent may use before it stretches the interval.',
  }),
  recordArgs: defaulted(trueOrFalse, 'false', {
    variable: variables.recordArgs,
    doc: 'Whether the arguments of command lines are recorded. They can hold secrets.',
  }),
  lifecycle: defaulted(oneOf('sidecar', 'container'), 'sidecar', {
    variable: variables.lifecycle,
    doc: '`container`: ends by itself once every target container has, so that a Job completes without native sidecars.',
  }),
};

export type AgentConfig = Settings<typeof agentSettings>;

/** Throws PODO_BAD_CONFIG. */
export function readAgentConfig(env: Readonly<Record<string, string | undefined>>): AgentConfig {
  return readSettings(agentSettings, env);
}
