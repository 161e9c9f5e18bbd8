/**
 * What holds between the fields of a MetricSet. Each rule is told twice: in CEL, for the API server, and as a predicate,
 * for objects that were written before the rule was there.
 */
import Value from 'typebox/value';
import { LEAST_INTERVAL_MS, MOST_INTERVAL_MS, TAG_KEY_PATTERN } from './limits.ts';
import { metricParts } from './metric-choice.ts';
import { MetricSetSpec, type MetricSpec, type Volume } from './metric-set.ts';
import { metricNames } from './metrics.ts';
import { patternWords, storageOptions, storageToolNames } from './storage-options.ts';

export interface Rule<T> {
  /** Over `self`; undefined where it would cost the API server more than it allows, and the condition Valid tells. */
  readonly cel: string | undefined;
  /** A sentence that says what must be, without its full stop. */
  readonly message: string;
  readonly holds: (self: T) => boolean;
}

const quotedList = (texts: readonly string[]): string => `[${texts.map((text) => `'${text}'`).join(', ')}]`;

const toolFields = ['volume', 'options', 'completions', 'parallelism', 'runs'] as const;

export const metricRules: readonly Rule<MetricSpec>[] = [
  {
    cel: `!has(self.without) || self.without.all(part, ${metricNames
      .map((name) => `self.name == '${name}' && part in ${quotedList(Object.keys(metricParts[name]))}`)
      .filter((text) => !text.endsWith('[]'))
      .map((text) => `(${text})`)
      .join(' || ')})`,
    message: 'without must name parts of this metric',
    holds: ({ name, without = [] }) => without.every((part) => Object.hasOwn(metricParts[name], part)),
  },
  {
    cel: "!has(self.tool) || self.name == 'storage'",
    message: 'only the metric storage has a tool',
    holds: ({ name, tool }) => tool === undefined || name === 'storage',
  },
  {
    cel: '!has(self.tool) || has(self.volume)',
    message: 'a tool needs a volume',
    holds: ({ tool, volume }) => tool === undefined || volume !== undefined,
  },
  {
    cel: `has(self.tool) || (${toolFields.map((field) => `!has(self.${field})`).join(' && ')})`,
    message: `${toolFields.join(', ')} belong to a tool`,
    holds: (metric) => metric.tool !== undefined || toolFields.every((field) => metric[field] === undefined),
  },
  {
    cel: '!has(self.parallelism) || self.parallelism <= (has(self.completions) ? self.completions : 1)',
    message: 'parallelism must not be above completions',
    holds: ({ completions = 1, parallelism = 1 }) => parallelism <= completions,
  },
  ...storageToolNames.flatMap((tool) => optionRules(tool)),
];

export const volumeRules: readonly Rule<Volume>[] = [
  {
    cel: 'has(self.claimName) != has(self.claimTemplate)',
    message: 'a volume has either a claimName or a claimTemplate',
    holds: ({ claimName, claimTemplate }) => (claimName === undefined) !== (claimTemplate === undefined),
  },
  {
    cel: '!has(self.allowNonEmpty) || has(self.claimName)',
    message: 'allowNonEmpty belongs to a claimName',
    holds: ({ allowNonEmpty, claimName }) => allowNonEmpty === undefined || claimName !== undefined,
  },
];

export const specRules: readonly Rule<MetricSetSpec>[] = [
  {
    cel: '!has(self.metrics) || self.metrics.all(one, has(one.tool) || self.metrics.exists_one(other, other.name == one.name && !has(other.tool)))',
    message: 'a metric without a tool must be named once',
    holds: ({ metrics = [] }) => {
      const plain = metrics.filter(({ tool }) => tool === undefined).map(({ name }) => name);
      return new Set(plain).size === plain.length;
    },
  },
  {
    cel: '!has(self.schedule) || (has(self.metrics) && self.metrics.exists(one, has(one.tool)))',
    message: 'a schedule needs a metric with a tool',
    holds: ({ schedule, metrics = [] }) =>
      schedule === undefined || metrics.some(({ tool }) => tool !== undefined),
  },
  {
    cel: `!has(self.interval) || (duration(self.interval) >= duration('${LEAST_INTERVAL_MS}ms') && duration(self.interval) <= duration('${MOST_INTERVAL_MS}ms'))`,
    message: `interval must be a time from ${LEAST_INTERVAL_MS}ms to ${MOST_INTERVAL_MS / 1000}s`,
    holds: ({ interval }) => interval === undefined || isWithin(intervalMs(interval)),
  },
  {
    cel: undefined,
    message: 'the keys of tags must be of letters, digits and ._/-, at most 63 of them',
    holds: ({ tags = {} }) => Object.keys(tags).every((key) => new RegExp(TAG_KEY_PATTERN).test(key)),
  },
  {
    cel: "!has(self.selector) || !has(self.selector.matchExpressions) || self.selector.matchExpressions.all(one, (one.operator in ['In', 'NotIn']) == (has(one.values) && size(one.values) > 0))",
    message: 'matchExpressions have values with In and NotIn, and none with Exists and DoesNotExist',
    holds: ({ selector }) =>
      (selector?.matchExpressions ?? []).every(
        ({ operator, values = [] }) => ['In', 'NotIn'].includes(operator) === values.length > 0,
      ),
  },
];

/** What is wrong with a spec as it was read; empty: it is one. Sentences without a full stop, the field first. */
export function metricSetProblems(spec: unknown): string[] {
  if (typeof spec !== 'object' || spec === null) return ['spec is missing'];
  // Each unknown field is told once more as a value that nothing may be.
  const faults = Value.Errors(MetricSetSpec, spec).filter(({ keyword }) => keyword !== 'boolean');
  if (faults.length > 0) return [...new Set(faults.map(faultText))];
  const { metrics = [], ...others } = spec as MetricSetSpec;
  return [
    ...broken(specRules, 'spec', { metrics, ...others }),
    ...metrics.flatMap((metric, i) => [
      ...broken(metricRules, `spec.metrics[${i}]`, metric),
      ...(metric.volume === undefined ? [] : broken(volumeRules, `spec.metrics[${i}].volume`, metric.volume)),
    ]),
  ];
}

interface SchemaFault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}

function faultText({ keyword, instancePath, message, params }: SchemaFault): string {
  const place = `spec${instancePath.replaceAll(/\/(\d+)(?=\/|$)/g, '[$1]').replaceAll('/', '.')}`;
  const { additionalProperties, allowedValues, pattern } = params as {
    additionalProperties?: readonly string[];
    allowedValues?: readonly string[];
    pattern?: string | RegExp;
  };
  if (keyword === 'additionalProperties') return `${place} has no field ${additionalProperties?.join(', ')}`;
  if (keyword === 'enum') return `${place} must be one of ${allowedValues?.join(', ')}`;
  return `${place} ${patternWords.get(String(pattern)) ?? message}`;
}

function broken<T>(rules: readonly Rule<T>[], place: string, self: T): string[] {
  return rules.filter(({ holds }) => !holds(self)).map(({ message }) => `${place}: ${message}`);
}

/** The options that belong to other tools, and the choices that other tools have. */
function optionRules(tool: (typeof storageToolNames)[number]): Rule<MetricSpec>[] {
  const own = storageOptions[tool];
  const all = new Set(storageToolNames.flatMap((name) => Object.keys(storageOptions[name].properties)));
  const foreign = [...all].filter((key) => !Object.hasOwn(own.properties, key));
  const enums = Object.entries(own.properties).flatMap(([key, schema]) => {
    const { enum: choices } = schema as { enum?: readonly string[] };
    return choices === undefined ? [] : [{ key, choices }];
  });
  const noOptions = `!has(self.tool) || self.tool != '${tool}' || !has(self.options)`;
  const optionsOf = (metric: MetricSpec) => (metric.tool === tool ? (metric.options ?? {}) : {});
  return [
    {
      cel: `${noOptions} || (${foreign.map((key) => `!has(self.options.${key})`).join(' && ')})`,
      message: `the options of ${tool} are ${Object.keys(own.properties).join(', ')}`,
      holds: (metric) => foreign.every((key) => !Object.hasOwn(optionsOf(metric), key)),
    },
    ...enums.map(({ key, choices }) => ({
      cel: `${noOptions} || !has(self.options.${key}) || self.options.${key} in ${quotedList(choices)}`,
      message: `the ${key} of ${tool} is one of ${choices.join(', ')}`,
      holds: (metric: MetricSpec) => {
        const { [key]: value } = optionsOf(metric);
        return value === undefined || choices.includes(String(value));
      },
    })),
  ];
}

const MS_IN: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

function intervalMs(text: string): number {
  const [, number, unit = ''] = /^([0-9.]+)(ms|s|m)$/.exec(text) ?? [];
  return Number(number) * (MS_IN[unit] ?? Number.NaN);
}

function isWithin(ms: number): boolean {
  return ms >= LEAST_INTERVAL_MS && ms <= MOST_INTERVAL_MS;
}
