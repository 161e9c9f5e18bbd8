/** Annotations and MetricSets: what is asked for, and what of it is left out with a warning. */
import type { MetricSetFacts } from '../../../../injector/inject/facts.ts';
import { containerWith, type InjectionCase, podWith, resources } from '../injection-case.ts';

function metricSet(name: string, fields: Partial<MetricSetFacts> = {}): MetricSetFacts {
  return {
    name,
    uid: `uid-${name}`,
    selector: {},
    metrics: 'performance',
    interval: undefined,
    tags: {},
    measures: undefined,
    problems: [],
    ...fields,
  };
}

const measures = { name: 'podometer-measures', mountPath: '/var/run/podometer/measures' };

export const wishCases: readonly InjectionCase[] = [
  {
    name: 'every annotation',
    pod: podWith(
      {},
      {
        annotations: {
          'podometer.dev/interval': '100ms',
          'podometer.dev/metrics': 'performance:pss=off,storage',
          'podometer.dev/containers': 'app',
          'podometer.dev/run': 'nightly-$(date)-$7',
          'podometer.dev/tags': 'team=red,branch=main',
          'podometer.dev/cpu': '50m/200m',
          'podometer.dev/memory': '100Mi',
          'podometer.dev/record-args': 'true',
        },
      },
    ),
  },
  {
    name: 'no value that can be understood',
    pod: podWith(
      {},
      {
        annotations: {
          'podometer.dev/interval': '1ms',
          'podometer.dev/metrics': 'everything',
          'podometer.dev/containers': 'app;cache',
          'podometer.dev/run': 'two words',
          'podometer.dev/tags': 'team',
          'podometer.dev/cpu': '100m/50m',
          'podometer.dev/memory': '32Mi/32Mi',
          'podometer.dev/record-args': 'yes',
          'podometer.dev/metric-set': 'Not A Name',
          'podometer.dev/intervall': `${'9'.repeat(99)}s`,
        },
      },
    ),
  },
  {
    name: 'containers that the pod does not have yet',
    pod: podWith({}, { annotations: { 'podometer.dev/containers': 'app, envoy' } }),
  },
  {
    name: 'only containers that the pod does not have',
    pod: podWith({}, { annotations: { 'podometer.dev/containers': 'envoy' } }),
  },
  {
    name: 'a CPU that is asked for keeps a Guaranteed pod Guaranteed',
    pod: podWith(
      {
        containers: [
          containerWith({ resources: { requests: resources('1', '1Gi'), limits: resources('1', '1Gi') } }),
        ],
      },
      { annotations: { 'podometer.dev/cpu': '250m', 'podometer.dev/memory': '200Mi/300Mi' } },
    ),
  },
  {
    name: 'the oldest MetricSet that selects the pod',
    pod: podWith({}, { labels: { app: 'web' } }),
    metricSets: [
      metricSet('others', { selector: { matchLabels: { app: 'db' } } }),
      metricSet('old', {
        selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] },
        metrics: 'time,threads:waits=off',
        interval: '5s',
        tags: { team: 'red' },
      }),
      metricSet('all'),
      metricSet('by-name-only', { selector: undefined }),
    ],
  },
  {
    name: 'the named MetricSet wins',
    pod: podWith({}, { annotations: { 'podometer.dev/metric-set': 'storage' } }),
    metricSets: [metricSet('old'), metricSet('storage', { selector: undefined, metrics: 'storage' })],
  },
  {
    name: 'a MetricSet that is not there',
    pod: podWith({}, { annotations: { 'podometer.dev/metric-set': 'gone' } }),
    metricSets: [metricSet('old')],
  },
  {
    name: 'annotations come before the MetricSet',
    pod: podWith(
      {},
      {
        annotations: {
          'podometer.dev/interval': '2s',
          'podometer.dev/metrics': 'time',
          'podometer.dev/tags': 'team=red',
        },
      },
    ),
    metricSets: [
      metricSet('old', { interval: '5s', metrics: 'storage', tags: { team: 'blue', stage: 'test' } }),
    ],
  },
  {
    name: 'a MetricSet that is not understood is not taken, though it is named',
    pod: podWith({}, { annotations: { 'podometer.dev/metric-set': 'new' } }),
    metricSets: [metricSet('new', { problems: ['spec has no field flames'] }), metricSet('young')],
  },
  {
    name: 'figures by annotation: every measured container has the socket',
    pod: podWith(
      {
        initContainers: [containerWith({ name: 'prepare' })],
        containers: [
          containerWith({ volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
          containerWith({
            name: 'has-that-path',
            volumeMounts: [{ name: 'data', mountPath: measures.mountPath }],
          }),
        ],
        volumes: [{ name: 'data', emptyDir: {} }],
      },
      {
        annotations: {
          'podometer.dev/measures': 'loss, steps',
          'podometer.dev/containers': 'app,prepare,has-that-path',
        },
      },
    ),
  },
  {
    name: 'figures by annotation in a plain container of an older cluster',
    serverMinor: 28,
    pod: podWith({}, { annotations: { 'podometer.dev/measures': 'loss' } }),
  },
  {
    name: 'figures by MetricSet, in a volume that the pod has made for them',
    pod: podWith({
      containers: [containerWith({ volumeMounts: [measures] })],
      volumes: [{ name: 'podometer-measures', emptyDir: {} }],
    }),
    metricSets: [metricSet('figures', { measures: ['loss'] })],
  },
  {
    name: 'figures by MetricSet that no container can tell',
    pod: podWith(),
    metricSets: [metricSet('figures', { measures: ['loss'] })],
  },
];
