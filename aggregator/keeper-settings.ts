/** What whoever serves a history is told by the environment: how long it is kept, and where its live figures go. */
import { join } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import {
  age,
  anyText,
  byteSize,
  defaulted,
  duration,
  oneOf,
  optional,
  type Settings,
  urlOf,
  wholeNumber,
} from '../lib/config.ts';
import { keeperEnvironment as variables } from '../protocol/names.ts';
import { otlpExporter, remoteWriteExporter } from './forward/exporter.ts';
import { ForwardSpool } from './forward/forward-spool.ts';
import { Forwarder } from './forward/forwarder.ts';
import type { LiveRuns } from './live/live-runs.ts';
import { DEFAULT_BASELINE_RUNS, type RetentionPolicy } from './retention/policy.ts';

const size = byteSize('1Mi', '65536Gi');

export const keeperSettings = {
  samplesForMs: optional(age, {
    variable: variables.samplesFor,
    doc: 'How old a run may be before its levels stand for its samples (retention.md).',
  }),
  levelsForMs: optional(age, { variable: variables.levelsFor, doc: '… before only its summary is left.' }),
  runsForMs: optional(age, { variable: variables.runsFor, doc: '… before it is deleted.' }),
  runsPerWorkload: optional(wholeNumber(1, 1_000_000), {
    variable: variables.runs,
    doc: 'How many runs of each workload are kept.',
  }),
  mostBytes: optional(size, { variable: variables.bytes, doc: 'How much all history may take.' }),
  leastFreeBytes: optional(size, { variable: variables.free, doc: 'How much the disk is to have free.' }),
  baselineRuns: defaulted(wholeNumber(0, 10_000), String(DEFAULT_BASELINE_RUNS), {
    variable: variables.baselineRuns,
    doc: 'How many of the last good runs of each workload are never deleted.',
  }),
  forwardUrl: optional(urlOf('http:', 'https:'), {
    variable: variables.forwardUrl,
    doc: 'Where live figures are forwarded to (scaling.md); nowhere where it is absent.',
  }),
  forwardAs: defaulted(oneOf('remote-write', 'otlp'), 'remote-write', {
    variable: variables.forwardAs,
    doc: "In which form: Prometheus's remote-write or OTLP/HTTP.",
  }),
  forwardIntervalMs: defaulted(duration(1000, 3_600_000), '15s', {
    variable: variables.forwardInterval,
    doc: 'How often.',
  }),
  forwardAuthorization: optional(anyText, {
    variable: variables.forwardAuthorization,
    doc: 'Sent as the `Authorization` header.',
  }),
  forwardSpoolBytes: defaulted(size, '64Mi', {
    variable: variables.forwardSpoolBytes,
    doc: 'How much may wait on disk while the other side is away; beyond it the oldest figures go.',
  }),
} as const;

export type KeeperSettings = Settings<typeof keeperSettings>;

/** Undefined where there is no limit, so that nothing is ever deleted. */
export function retentionPolicyOf(settings: KeeperSettings): RetentionPolicy | undefined {
  const { samplesForMs, levelsForMs, runsForMs, runsPerWorkload, mostBytes, leastFreeBytes } = settings;
  const limits = { samplesForMs, levelsForMs, runsForMs, runsPerWorkload, mostBytes, leastFreeBytes };
  const set = Object.entries(limits).filter(([, limit]) => limit !== undefined);
  if (set.length === 0) return undefined;
  return { ...Object.fromEntries(set), baselineRuns: settings.baselineRuns };
}

const FORWARD_FOLDER = 'forward';
const FORWARD_TIMEOUT_MS = 30_000;

export interface ForwardSurroundings {
  readonly live: LiveRuns;
  readonly clock: Clock;
  /** Of the history: what waits to be forwarded lies in a folder of it. */
  readonly dataFolder: string;
  readonly log: (message: string) => void;
}

/** Not started yet; undefined where nothing is forwarded. Throws the system's error where there can be no spool. */
export function forwarderOf(
  settings: KeeperSettings,
  { live, clock, dataFolder, log }: ForwardSurroundings,
): Forwarder | undefined {
  const { forwardUrl: url, forwardAuthorization: authorization } = settings;
  if (url === undefined) return undefined;
  const receiver = {
    url,
    timeoutMs: FORWARD_TIMEOUT_MS,
    ...(authorization !== undefined && { headers: { authorization } }),
  };
  return new Forwarder({
    live,
    clock,
    log,
    exporter: settings.forwardAs === 'otlp' ? otlpExporter(receiver) : remoteWriteExporter(receiver),
    spool: new ForwardSpool(join(dataFolder, FORWARD_FOLDER), settings.forwardSpoolBytes),
    everyMs: settings.forwardIntervalMs,
  });
}
