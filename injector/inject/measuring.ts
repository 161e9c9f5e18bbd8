/** What is measured and how often: the pod's annotations first, then its MetricSet, then the operator's settings. */
import { duration } from '../../lib/config.ts';
import { LEAST_INTERVAL_MS, MOST_INTERVAL_MS } from '../../protocol/limits.ts';
import type { Wishes } from './annotations.ts';
import type { MetricSetFacts } from './facts.ts';
import { chooseMetricSet } from './metric-set-choice.ts';
import type { InjectSettings } from './settings.ts';

export interface Measuring {
  /** The name of the MetricSet that the run answers. */
  readonly metricSet: string | undefined;
  /** As the agent reads them. */
  readonly metrics: string;
  readonly interval: string;
  readonly intervalMs: number;
  /** The person's own first. */
  readonly tags: Readonly<Record<string, string>>;
  /** Names of figures that the pod's programs tell; undefined: none. */
  readonly measures: readonly string[] | undefined;
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
  const chosenInterval = wishes.interval ?? chosen?.interval ?? settings.interval;
  return {
    metricSet: chosen?.name,
    metrics: wishes.metrics ?? chosen?.metrics ?? settings.metrics,
    interval: chosenInterval,
    intervalMs: interval.parse(chosenInterval) ?? LEAST_INTERVAL_MS,
    tags: { ...wishes.tags, ...chosen?.tags, ...wishes.tags },
    measures: wishes.measures ?? chosen?.measures,
    warnings,
  };
}
