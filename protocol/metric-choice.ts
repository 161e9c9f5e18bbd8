/**
 * Which metrics are measured, and which of their parts are left out, as people write it:
 * `performance,storage:volumes=off`. A metric's options follow its name, each after a colon.
 */
import { defaultMetrics, type MetricName, metricNames } from './metrics.ts';

/** What a metric may be told to leave out, and why one would. */
export const metricParts = {
  performance: { pss: 'PSS and USS, whose reading costs in proportion to memory' },
  time: {},
  pressure: {},
  threads: { waits: 'what threads wait for, which is read for each thread that waits' },
  storage: {
    devices: 'bytes and operations of block devices',
    volumes: 'space of mounted volumes',
  },
} as const satisfies Record<MetricName, Readonly<Record<string, string>>>;

type PartOf<M extends MetricName> = M extends MetricName ? keyof (typeof metricParts)[M] : never;
/** A part is known by its name alone: no two metrics have one of the same name. */
export type MetricPart = PartOf<MetricName>;

export interface MetricChoice {
  /** In the order of the catalogue, each once. */
  readonly metrics: readonly MetricName[];
  readonly without: ReadonlySet<MetricPart>;
}

export const defaultChoice: MetricChoice = { metrics: defaultMetrics, without: new Set() };

const partNames = Object.entries(metricParts).flatMap(([metric, parts]) =>
  Object.keys(parts).map((part) => `${metric}:${part}=off`),
);

/** In words that finish "it must be …". */
export const metricChoiceRule = `one or more of ${metricNames.join(', ')}, separated by commas; a part is left out by ${partNames.join(', ')}`;

/** Undefined where the text breaks the rule. */
export function parseMetricChoice(text: string): MetricChoice | undefined {
  const named = new Set<MetricName>();
  const without = new Set<MetricPart>();
  for (const item of text.split(',')) {
    const [name = '', ...options] = item.trim().split(':');
    const metric = metricNames.find((known) => known === name);
    if (metric === undefined) return undefined;
    named.add(metric);
    for (const option of options) {
      const [part = '', value] = option.split('=');
      if (!Object.hasOwn(metricParts[metric], part) || (value !== 'on' && value !== 'off')) return undefined;
      if (value === 'off') without.add(part as MetricPart);
    }
  }
  return { metrics: metricNames.filter((name) => named.has(name)), without };
}
