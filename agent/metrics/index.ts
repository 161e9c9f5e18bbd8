/** Every metric that an agent knows. */
import type { MetricName } from '../../protocol/metrics.ts';
import type { Metric } from './metric.ts';
import { performance } from './performance.ts';
import { pressure } from './pressure.ts';
import { storage } from './storage.ts';
import { threads } from './threads.ts';
import { time } from './time.ts';

export const metrics: readonly Metric[] = [performance, time, pressure, threads, storage];

/** The metrics with these names, in the order of the list above. */
export function metricsNamed(names: readonly MetricName[]): Metric[] {
  return metrics.filter((metric) => names.includes(metric.name));
}
