/** What a pod's annotations ask for. A value that breaks its rule is left out and named in a warning; it stops nothing. */
import { asWritten, dnsName, duration, type Kind, listOf, trueOrFalse } from '../../lib/config.ts';
import { measureNames, metricChoice, runId, tagList } from '../../lib/measuring-options.ts';
import { LEAST_INTERVAL_MS, MOST_INTERVAL_MS } from '../../protocol/limits.ts';
import { annotations, INJECTED_ANNOTATION } from '../../protocol/names.ts';
import { amountOf } from './quantity.ts';

/** Quantities, of which the request alone may be given: `50m`, `50m/200m`. */
export interface ResourceAnnotation {
  readonly request: string;
  readonly limit: string | undefined;
}

const kinds = {
  interval: asWritten(duration(LEAST_INTERVAL_MS, MOST_INTERVAL_MS)),
  metrics: asWritten(metricChoice),
  containers: listOf(dnsName, 'names of containers, separated by commas'),
  run: runId,
  tags: tagList,
  cpu: resource('cpu', { least: '1m', most: '4', leastLimit: '20m' }),
  memory: resource('memory', { least: '1Mi', most: '4Gi', leastLimit: '64Mi' }),
  recordArgs: trueOrFalse,
  metricSet: dnsName,
  measures: measureNames,
} as const satisfies Record<keyof typeof annotations, Kind<unknown>>;

type Values = { readonly [K in keyof typeof kinds]: NonNullable<ReturnType<(typeof kinds)[K]['parse']>> };

/** Absent: not asked for, or not in a way that could be understood. */
export type Wishes = Partial<Values>;

const meanings: Readonly<Record<keyof typeof annotations, string>> = {
  interval: 'Time between two samples.',
  metrics: 'What is measured (metrics.md).',
  containers: 'The containers to measure, instead of all.',
  run: 'The id of the run, where pods of several objects are members of one.',
  tags: 'Tags of the run.',
  cpu: "The agent's CPU.",
  memory: "The agent's memory.",
  recordArgs: 'Whether the arguments of command lines are recorded; they can hold secrets.',
  metricSet: 'The MetricSet that the run answers.',
  measures:
    'Figures that its programs tell over a socket, in a volume that the containers get for it (results.md).',
};

/** What docs/injection.md says of each; `rule` finishes "it must be …". */
export const annotationTable = Object.entries(annotations).map(([key, name]) => {
  const known = key as keyof typeof annotations;
  return { name, says: meanings[known], rule: kinds[known].rule };
});

const PREFIX = 'podometer.dev/';

export function readAnnotations(given: Readonly<Record<string, string>>): {
  wishes: Wishes;
  warnings: string[];
} {
  const wishes: Record<string, unknown> = {};
  const warnings: string[] = [];
  for (const [key, name] of Object.entries(annotations)) {
    const text = given[name];
    if (text === undefined) continue;
    const kind: Kind<unknown> = kinds[key as keyof typeof kinds];
    const value = kind.parse(text.trim());
    if (value === undefined) {
      warnings.push(`${name} is ${quoted(text)} and is left out: it must be ${kind.rule}`);
    } else wishes[key] = value;
  }
  const known: readonly string[] = [...Object.values(annotations), INJECTED_ANNOTATION];
  for (const name of Object.keys(given)) {
    if (name.startsWith(PREFIX) && !known.includes(name)) warnings.push(`there is no annotation ${name}`);
  }
  return { wishes, warnings };
}

/** A warning is read on a terminal: long values are cut. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 63)}…` : text);
}

function resource(
  name: 'cpu' | 'memory',
  { least, most, leastLimit }: { least: string; most: string; leastLimit: string },
): Kind<ResourceAnnotation> {
  const isWithin = (text: string | undefined, from: string): boolean => {
    const amount = amountOf(name, text);
    return (
      amount !== undefined && amount >= (amountOf(name, from) ?? 0) && amount <= (amountOf(name, most) ?? 0)
    );
  };
  return {
    rule: `a request of ${least} to ${most}, or REQUEST/LIMIT with a limit of at least ${leastLimit} and no less than the request`,
    parse: (text) => {
      const [request = '', limit, ...more] = text.split('/');
      if (!isWithin(request, least) || more.length > 0) return undefined;
      if (limit === undefined) return { request, limit };
      const isAbove = (amountOf(name, limit) ?? 0) >= (amountOf(name, request) ?? 0);
      return isWithin(limit, leastLimit) && isAbove ? { request, limit } : undefined;
    },
  };
}
