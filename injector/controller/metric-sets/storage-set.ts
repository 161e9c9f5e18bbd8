/** A MetricSet as far as its storage metrics go, and how what is made for its runs is called. */
import { createHash } from 'node:crypto';
import type { KubernetesObject } from '@kubernetes/client-node';
import type { MetricSetSpec, MetricSpec, StorageStatus, Volume } from '../../../protocol/metric-set.ts';
import { METRIC_SET_UID_LABEL, STORAGE_RUN_LABEL } from '../../../protocol/names.ts';
import type { StorageToolName } from '../../../protocol/storage-options.ts';

export interface StorageSet {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number;
  /** The value of podometer.dev/run-again. */
  readonly runAgain: string | undefined;
  /** A sound one. */
  readonly spec: MetricSetSpec;
  readonly status: StorageStatus | undefined;
}

export interface StorageMetric extends MetricSpec {
  readonly tool: StorageToolName;
  readonly volume: Volume;
  /** The tool's name, with a number where it is asked for more than once. */
  readonly key: string;
}

/** One run: its number since the MetricSet was made, and which of the runs that were asked for together it is. */
export interface RunPlace {
  readonly number: number;
  /** From 0. */
  readonly repetition: number;
}

export function storageMetrics({ metrics = [] }: MetricSetSpec): StorageMetric[] {
  const seen = new Map<string, number>();
  return metrics.flatMap(({ tool, volume, ...metric }) => {
    if (tool === undefined || volume === undefined) return [];
    const count = (seen.get(tool) ?? 0) + 1;
    seen.set(tool, count);
    return { ...metric, tool, volume, key: count === 1 ? tool : `${tool}-${count}` };
  });
}

/** How often it is measured: as often as the metric that asks for most. */
export function runsOf(metrics: readonly StorageMetric[]): number {
  return Math.max(...metrics.map(({ runs = 1 }) => runs));
}

/** Which metrics take part. */
export function metricsOfRun(spec: MetricSetSpec, { repetition }: RunPlace): StorageMetric[] {
  return storageMetrics(spec).filter(({ runs = 1 }) => runs > repetition);
}

export function runId({ uid }: StorageSet, number: number): string {
  return `${uid}.${number}`;
}

const LONGEST_STEM = 32;
const HASH_DIGITS = 8;

/** Of a Job, of which pods and their hosts are called: no dots, and room for what is put behind it. */
export function stemOf({ name }: Pick<StorageSet, 'name'>): string {
  if (name.length <= LONGEST_STEM && !name.includes('.')) return `podometer-${name}`;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_DIGITS);
  const beginning = name.slice(0, LONGEST_STEM - HASH_DIGITS - 1).replaceAll('.', '-');
  return `podometer-${beginning}-${hash}`;
}

/** Of the claim that a template makes: one for all runs where it is kept, else one for each. */
export function claimName(set: StorageSet, { number }: RunPlace, { key, volume }: StorageMetric): string {
  if (volume.claimName !== undefined) return volume.claimName;
  const isKept = volume.claimTemplate?.keep === true;
  return isKept ? `${stemOf(set)}-${key}` : `${stemOf(set)}-${number}-${key}`;
}

/** For all that belongs to a run; without a number, for what outlives it. */
export function storageLabels({ uid }: StorageSet, number: number | undefined): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'podometer',
    'app.kubernetes.io/component': 'storage',
    'app.kubernetes.io/managed-by': 'podometer',
    [METRIC_SET_UID_LABEL]: uid,
    ...(number !== undefined && { [STORAGE_RUN_LABEL]: String(number) }),
  };
}

/** The number of the run that an object was made for; undefined where it outlives runs. */
export function runNumber({ metadata }: KubernetesObject): number | undefined {
  const text = metadata?.labels?.[STORAGE_RUN_LABEL];
  return text === undefined ? undefined : Number(text);
}
