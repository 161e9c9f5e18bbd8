/**
 * MetricSet, the custom resource by which a namespace says what is measured of which pods, and which volumes are measured
 * with which tools. One source: it is checked by these schemas and the rules of metric-set-rules.ts, typed by them, and
 * charts/crd.ts makes the CustomResourceDefinition from both.
 */
import Type, { type Static } from 'typebox';
import { LONGEST_TAG_VALUE, MOST_TAGS } from './limits.ts';
import { metricParts } from './metric-choice.ts';
import { metricNames } from './metrics.ts';
import { API_GROUP } from './names.ts';
import { resultUnits } from './result-units.ts';
import { MergedToolOptions, storageToolNames } from './storage-options.ts';

export const METRIC_SET_API = {
  group: API_GROUP,
  version: 'v1alpha1',
  kind: 'MetricSet',
  plural: 'metricsets',
} as const;

export const MOST_METRICS = 16;
/** Results that a status shows; all of them are with the run. */
export const MOST_SHOWN_RESULTS = 24;

/** Bounds are those of Kubernetes, or keep what a rule costs the API server within its budget. */
const name = (description: string) =>
  Type.String({ minLength: 1, maxLength: 253, pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$', description });
const labelText = (maxLength: number) => Type.String({ maxLength });
const closed = { additionalProperties: false } as const;

const LabelSelector = Type.Object(
  {
    matchLabels: Type.Optional(
      Type.Record(Type.String(), labelText(63), {
        maxProperties: 32,
        description: 'Labels that a pod must have.',
      }),
    ),
    matchExpressions: Type.Optional(
      Type.Array(
        Type.Object(
          {
            key: Type.String({ minLength: 1, maxLength: 317 }),
            operator: Type.Enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
            values: Type.Optional(Type.Array(labelText(63), { maxItems: 32 })),
          },
          closed,
        ),
        { maxItems: 16, description: 'Each must hold for the labels of a pod.' },
      ),
    ),
  },
  {
    ...closed,
    description:
      'Labelled pods that are measured as this says. Empty: all of the namespace. Absent: only those whose annotation podometer.dev/metric-set names it.',
  },
);
export type LabelSelector = Static<typeof LabelSelector>;

const ClaimTemplate = Type.Object(
  {
    storageClassName: Type.Optional(name("The StorageClass; absent: the cluster's default.")),
    size: Type.String({
      maxLength: 20,
      pattern: '^[1-9][0-9]{0,14}(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$',
      description: 'As a Kubernetes quantity: 10Gi.',
    }),
    accessModes: Type.Optional(
      Type.Array(Type.Enum(['ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod']), {
        minItems: 1,
        maxItems: 3,
        description: 'ReadWriteOnce where it is absent.',
      }),
    ),
    keep: Type.Optional(
      Type.Boolean({
        description:
          'true: one claim for all runs, which stays. Else each run has a new one, deleted after it.',
      }),
    ),
  },
  { ...closed, description: 'A claim that is made for the tool.' },
);
export type ClaimTemplate = Static<typeof ClaimTemplate>;

const Volume = Type.Object(
  {
    claimName: Type.Optional(name('A PersistentVolumeClaim of the namespace, which is never deleted.')),
    claimTemplate: Type.Optional(ClaimTemplate),
    allowNonEmpty: Type.Optional(
      Type.Boolean({ description: 'Work in a folder of its own beside what the volume holds.' }),
    ),
  },
  { ...closed, description: 'Where the tool works: an existing claim, or one that is made.' },
);
export type Volume = Static<typeof Volume>;

const partNames = Object.values(metricParts).flatMap((parts) => Object.keys(parts));
const count = (maximum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum, description }));

export const MetricSpec = Type.Object(
  {
    name: Type.Enum([...metricNames], { description: 'What is measured (docs/metrics.md).' }),
    without: Type.Optional(
      Type.Array(Type.Enum(partNames), {
        maxItems: 8,
        description: 'Parts of the metric that are left out.',
      }),
    ),
    tool: Type.Optional(
      Type.Enum([...storageToolNames], {
        description: 'storage: puts load on a volume; the MetricSet makes a run of its own for it.',
      }),
    ),
    volume: Type.Optional(Volume),
    options: Type.Optional(MergedToolOptions),
    completions: count(64, 'Pods that run the tool on the volume (1).'),
    parallelism: count(64, 'How many of them at a time (all).'),
    runs: count(100, 'How often it is measured, each time as a run of its own, one after the other (1).'),
  },
  closed,
);
export type MetricSpec = Static<typeof MetricSpec>;

export const MetricSetSpec = Type.Object(
  {
    selector: Type.Optional(LabelSelector),
    metrics: Type.Optional(
      Type.Array(MetricSpec, {
        maxItems: MOST_METRICS,
        description: 'What is measured; absent: what the injector is set to.',
      }),
    ),
    interval: Type.Optional(
      Type.String({
        maxLength: 12,
        pattern: '^[0-9]+(\\.[0-9]+)?(ms|s|m)$',
        description: 'Time between two samples, from 10ms to 60s.',
      }),
    ),
    tags: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: LONGEST_TAG_VALUE, pattern: '^[^,]*$' }), {
        maxProperties: MOST_TAGS,
        description: 'Tags of the runs.',
      }),
    ),
    measures: Type.Optional(
      Type.Array(Type.String({ maxLength: 64, pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }), {
        minItems: 1,
        maxItems: 64,
        description: 'Names of figures that the programs of the pods tell of themselves (docs/results.md).',
      }),
    ),
    schedule: Type.Optional(
      Type.String({
        maxLength: 100,
        pattern: '^(@(hourly|daily|weekly|monthly|yearly)|\\S+( +\\S+){4})$',
        description: 'When the volumes are measured again: five fields as of cron, in UTC.',
      }),
    ),
  },
  closed,
);
export type MetricSetSpec = Static<typeof MetricSetSpec>;

const time = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }));
const total = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));

export const storagePhases = ['Pending', 'Running', 'Succeeded', 'Failed'] as const;
export type StoragePhase = (typeof storagePhases)[number];

const Condition = Type.Object({
  type: Type.String({ maxLength: 64 }),
  status: Type.Enum(['True', 'False', 'Unknown']),
  observedGeneration: Type.Optional(Type.Integer({ minimum: 0 })),
  reason: Type.String({ maxLength: 64 }),
  message: Type.String({ maxLength: 1024 }),
  lastTransitionTime: Type.String({ format: 'date-time' }),
});
export type MetricSetCondition = Static<typeof Condition>;

const ShownResult = Type.Object({
  name: Type.String({ maxLength: 128 }),
  unit: Type.Enum([...resultUnits]),
  value: Type.Number(),
  better: Type.Enum(['lower', 'higher', 'neutral']),
});
export type ShownResult = Static<typeof ShownResult>;

const StorageStatus = Type.Object({
  phase: Type.Optional(Type.Enum([...storagePhases], { description: 'Of the last run.' })),
  message: Type.Optional(
    Type.String({ maxLength: 1024, description: 'What it waits for, or why it failed.' }),
  ),
  warning: Type.Optional(
    Type.String({ maxLength: 1024, description: 'What the last run measured that is not as the spec asks.' }),
  ),
  run: Type.Optional(Type.String({ maxLength: 128, description: 'The id of the last run.' })),
  started: total('Runs that were begun since the MetricSet was made: the number of the last one.'),
  measured: total('How many of the runs that were asked for together have ended.'),
  runs: total('How many were asked for together.'),
  pods: total('Pods of the run.'),
  active: total('Of these, pods that run now.'),
  succeeded: total('Of these, pods that have succeeded.'),
  failed: total('Of these, pods that have failed.'),
  startTime: time('Of the last run.'),
  completionTime: time('Of the last run.'),
  nextScheduleTime: time('When the schedule is due next.'),
  lastScheduleTime: time('When the schedule began a run last.'),
  observedGeneration: total('The generation that the last run was begun for.'),
  observedRunAgain: Type.Optional(
    Type.String({ maxLength: 256, description: 'The value of podometer.dev/run-again that was met last.' }),
  ),
  results: Type.Optional(
    Type.Array(ShownResult, {
      maxItems: MOST_SHOWN_RESULTS,
      description: 'The headlines of the last run that succeeded.',
    }),
  ),
});
export type StorageStatus = Static<typeof StorageStatus>;

export const MetricSetStatus = Type.Object({
  observedGeneration: total('The generation that this status tells of.'),
  matchedPods: total('Pods of the namespace that are measured as this says.'),
  conditions: Type.Optional(Type.Array(Condition, { maxItems: 16 })),
  storage: Type.Optional(StorageStatus),
});
export type MetricSetStatus = Static<typeof MetricSetStatus>;
