import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricSetProblems } from '../../protocol/metric-set-rules.ts';

const volume = { claimName: 'data' };

const sound: Readonly<Record<string, unknown>> = {
  'nothing at all': {},
  'all of it': {
    selector: { matchLabels: { app: 'train' }, matchExpressions: [{ key: 'tier', operator: 'Exists' }] },
    metrics: [
      { name: 'performance', without: ['pss'] },
      { name: 'storage', without: ['volumes'] },
      {
        name: 'storage',
        tool: 'fio',
        volume: {
          claimTemplate: {
            storageClassName: 'fast',
            size: '10Gi',
            accessModes: ['ReadWriteMany'],
            keep: true,
          },
        },
        options: { profile: 'randread', size: '1g', jobs: 2 },
        completions: 4,
        parallelism: 2,
        runs: 3,
      },
      { name: 'storage', tool: 'ioping', volume: { claimName: 'data', allowNonEmpty: true } },
    ],
    interval: '100ms',
    tags: { team: 'a/b' },
    measures: ['loss', 'steps'],
    schedule: '0 3 * * *',
  },
};

for (const [name, spec] of Object.entries(sound)) {
  test(`a spec with ${name} is a sound one`, () => assert.deepEqual(metricSetProblems(spec), []));
}

const broken: Readonly<Record<string, readonly [spec: unknown, problem: string]>> = {
  'a missing spec': [undefined, 'spec is missing'],
  'a field that there is not': [{ intervall: '1s' }, 'spec has no field intervall'],
  'a metric that there is not': [
    { metrics: [{ name: 'cpu' }] },
    'spec.metrics[0].name must be one of performance, time, pressure, threads, storage',
  ],
  'a part of another metric': [
    { metrics: [{ name: 'time', without: ['pss'] }] },
    'spec.metrics[0]: without must name parts of this metric',
  ],
  'a metric that is named twice': [
    { metrics: [{ name: 'time' }, { name: 'time' }] },
    'spec: a metric without a tool must be named once',
  ],
  'a tool of another metric': [
    { metrics: [{ name: 'time', tool: 'fio', volume }] },
    'spec.metrics[0]: only the metric storage has a tool',
  ],
  'a tool without a volume': [
    { metrics: [{ name: 'storage', tool: 'fio' }] },
    'spec.metrics[0]: a tool needs a volume',
  ],
  'a volume without a tool': [
    { metrics: [{ name: 'storage', volume }] },
    'spec.metrics[0]: volume, options, completions, parallelism, runs belong to a tool',
  ],
  'more pods at once than there are': [
    { metrics: [{ name: 'storage', tool: 'fio', volume, parallelism: 2 }] },
    'spec.metrics[0]: parallelism must not be above completions',
  ],
  'a volume of two claims': [
    { metrics: [{ name: 'storage', tool: 'fio', volume: { ...volume, claimTemplate: { size: '1Gi' } } }] },
    'spec.metrics[0].volume: a volume has either a claimName or a claimTemplate',
  ],
  'a new volume that is to be worked in beside what it holds': [
    {
      metrics: [
        { name: 'storage', tool: 'fio', volume: { claimTemplate: { size: '1Gi' }, allowNonEmpty: true } },
      ],
    },
    'spec.metrics[0].volume: allowNonEmpty belongs to a claimName',
  ],
  'a path of the node': [
    { metrics: [{ name: 'storage', tool: 'fio', volume: { hostPath: { path: '/' } } }] },
    'spec.metrics[0].volume has no field hostPath',
  ],
  'an option of another tool': [
    { metrics: [{ name: 'storage', tool: 'fio', volume, options: { files: 10 } }] },
    'spec.metrics[0]: the options of fio are profile, size, runtime, jobs, rw, bs, depth, rwmixread, fsync, fdatasync, rate, rateIops, ramp, engine',
  ],
  'a choice of another tool': [
    { metrics: [{ name: 'storage', tool: 'ioping', volume, options: { profile: 'randread' } }] },
    'spec.metrics[0]: the profile of ioping is one of read, write',
  ],
  'an interval out of bounds': [{ interval: '2m' }, 'spec: interval must be a time from 10ms to 60s'],
  'a schedule of nothing': [{ schedule: '@daily' }, 'spec: a schedule needs a metric with a tool'],
  'a tag whose key is none': [
    { tags: { 'a b': 'c' } },
    'spec: the keys of tags must be of letters, digits and ._/-, at most 63 of them',
  ],
  'an expression without its values': [
    { selector: { matchExpressions: [{ key: 'app', operator: 'In' }] } },
    'spec: matchExpressions have values with In and NotIn, and none with Exists and DoesNotExist',
  ],
};

for (const [name, [spec, problem]] of Object.entries(broken)) {
  test(`${name} is told with its place`, () => assert.deepEqual(metricSetProblems(spec), [problem]));
}
