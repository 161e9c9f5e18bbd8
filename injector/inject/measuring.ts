/** What is measured and how often: the pod's annotations first, then its MetricSet, then the operator's settings. */
import { duration } from '../../lib/config.ts';
import { metricChoice } from '../../lib/measuring-options.ts';
import { LEAST_INTERVAL_MS, MOST_INTERVAL_MS } from '../../protocol/limits.ts';
import { quoted, type Wishes } from './annotations.ts';
import type { MetricSetFacts } from './facts.ts';
import type { InjectSettings } from './settings.ts';

export interface Measuring {
  /** The name of the MetricSet that the run answers. */
  readonly metricSet: string | undefined;
  /** As the agent reads them. */
  readonly metrics: string;
  readonly interval: string;
  readonly intervalMs: number;
  readonly warnings: readonly string[];
}

const interval = duration(LEAST_INTERVAL_MS, MOST_INTERVAL_MS);

/** `sets`: the namespace's, oldest first. `labels`: the pod's. */
export function measuringOf(
  wishes: Wishes,
  sets: readonly MetricSetFacts[],
  labels: Readonly<Record<string, string>>,
  settings: InjectSettings,
): Measuring {
  const { chosen, warnings } = chooseMetricSet(sets, wishes.metricSet, labels);
  const ofSet = chosen === undefined ? { warnings: [] } : readMetricSet(chosen);
  const chosenInterval = wishes.interval ?? ofSet.interval ?? settings.interval;
  return {
    metricSet: chosen?.name,
    metrics: wishes.metrics ?? ofSet.metrics ?? settings.metrics,
    interval: chosenInterval,
    intervalMs: interval.parse(chosenInterval) ?? LEAST_INTERVAL_MS,
    warnings: [...warnings, ...ofSet.warnings],
  };
}

/** The one that the annotation names, else the oldest that selects the pod. */
function chooseMetricSet(
  sets: readonly MetricSetFacts[],
  named: string | undefined,
  labels: Readonly<Record<string, string>>,
): { chosen: MetricSetFacts | undefined; warnings: readonly string[] } {
  const byName = sets.find(({ name }) => name === named);
  if (byName !== undefined) return { chosen: byName, warnings: [] };
  const missing = named === undefined ? [] : [`there is no MetricSet ${named} in this namespace`];
  const [oldest, ...younger] = sets.filter((set) => selects(set, labels));
  if (oldest === undefined || younger.length === 0) return { chosen: oldest, warnings: missing };
  const others = younger.map(({ name }) => name).join(', ');
  const sentence = `MetricSet ${oldest.name}, the oldest that selects this pod, is taken, and not ${others}`;
  return { chosen: oldest, warnings: [...missing, sentence] };
}

function selects({ matchLabels }: MetricSetFacts, labels: Readonly<Record<string, string>>): boolean {
  if (matchLabels === undefined) return false;
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
}

/** It may have been written for another version: what this agent would refuse is left out. */
function readMetricSet(set: MetricSetFacts): { metrics?: string; interval?: string; warnings: string[] } {
  const metrics = set.metrics.join(',');
  const hasMetrics = metricChoice.parse(metrics) !== undefined;
  const hasInterval = set.interval !== undefined && interval.parse(set.interval) !== undefined;
  const warnings: string[] = [];
  const leftOut = (field: string, text: string, rule: string): void => {
    warnings.push(`${field} of MetricSet ${set.name} is ${quoted(text)} and is left out: it must be ${rule}`);
  };
  if (!hasMetrics && set.metrics.length > 0) leftOut('metrics', metrics, metricChoice.rule);
  if (!hasInterval && set.interval !== undefined) leftOut('interval', set.interval, interval.rule);
  return {
    ...(hasMetrics && { metrics }),
    ...(hasInterval && { interval: set.interval }),
    warnings,
  };
}
