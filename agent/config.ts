/** What the agent in a pod is told, by its environment alone. */
import {
  absolutePath,
  anyText,
  byteSize,
  defaulted,
  dnsName,
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
import { measureNames, metricChoice, runId, tagList } from '../lib/measuring-options.ts';
import { LEAST_INTERVAL_MS, MOST_GRACE_MS, MOST_INTERVAL_MS } from '../protocol/limits.ts';
import { MEASURES_FOLDER, SPOOL_FOLDER, agentEnvironment as variables } from '../protocol/names.ts';
import { workloadKinds } from '../protocol/workload-kinds.ts';

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
  measures: optional(measureNames, {
    variable: variables.measures,
    doc: 'Figures that the programs of the pod tell of themselves over a socket (results.md); none where it is absent.',
  }),
  measuresFolder: defaulted(matching(/^\//, 'an absolute path'), MEASURES_FOLDER, {
    variable: variables.measuresFolder,
    doc: 'Where that socket is made: a volume that the containers share.',
  }),
  tags: defaulted(tagList, '', { variable: variables.tags, doc: 'Tags of the run.' }),
  aggregatorUrl: optional(urlOf('https:', 'http:'), {
    variable: variables.aggregatorUrl,
    doc: 'Where batches go; where it is absent they stay in the spool, and the summary goes to standard output.',
  }),
  ca: optional(matching(/^-----BEGIN CERTIFICATE-----/, 'certificates as PEM text'), {
    variable: variables.ca,
    doc: "Signs the aggregator's certificate; the system's own authorities where it is absent.",
  }),
  tokenFile: optional(absolutePath, {
    variable: variables.tokenFile,
    doc: 'A projected ServiceAccount token, read anew when it is replaced.',
  }),
  spoolFolder: defaulted(absolutePath, SPOOL_FOLDER, {
    variable: variables.spool,
    doc: 'Where batches wait for the aggregator.',
  }),
  spoolBytes: defaulted(byteSize('64Ki', '64Gi'), '32Mi', {
    variable: variables.spoolBytes,
    doc: 'What the spool may take of its volume, in blocks of 4Ki, refused batches included. Above this the oldest detail becomes coarser, and then the oldest batches become one. The volume must hold twice as much: a file is written anew before the old one goes.',
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
  gracePeriodMs: defaulted(duration(1000, MOST_GRACE_MS), '30s', {
    variable: variables.gracePeriod,
    doc: "How long the agent has from the signal to stop until it is killed, as the pod's `terminationGracePeriodSeconds` says. It delivers what it has in all of it but one second.",
  }),
};

export type AgentConfig = Settings<typeof agentSettings>;

/** Throws PODO_BAD_CONFIG. */
export function readAgentConfig(env: Readonly<Record<string, string | undefined>>): AgentConfig {
  return readSettings(agentSettings, env);
}
