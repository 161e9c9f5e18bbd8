import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviceFor, oversizedRequests } from '../../../../aggregator/query/rightsize/advice.ts';
import {
  type ContainerSamples,
  containerNeeds,
} from '../../../../aggregator/query/rightsize/container-need.ts';
import {
  cpuQuantity,
  memoryQuantity,
  parseQuantity,
} from '../../../../aggregator/query/rightsize/quantity.ts';
import type { ColumnName } from '../../../../protocol/metrics.ts';
import { series } from '../../fake-store.ts';

const MiB = 2 ** 20;

/** 100 seconds in which a container used `cores`, and twice that in the last 2; its memory fills up to `memoryMiB`. */
function container(name: string, index: number, cores: number, memoryMiB: number): ContainerSamples {
  const bySecond = (column: ColumnName, at: (second: number) => number) =>
    series(
      column,
      Array.from({ length: 101 }, (_, second) => [second * 1000, at(second)] as const),
      { subject: 'container', index },
    );
  return {
    directory: { containers: [{ member: 0, index, name }] },
    series: [
      bySecond('cpuUsageUs', (s) => cores * 1e6 * (s + Math.max(0, s - 98))),
      bySecond('memoryCurrentBytes', (s) => memoryMiB * MiB * (s / 100) + 500 * MiB),
      bySecond('memoryFileBytes', () => 500 * MiB),
      bySecond('cpuLimitMillicores', () => 2000),
      bySecond('memoryLimitBytes', () => 1024 * MiB),
    ],
  };
}

test('what a container needed is the p95 and the peak, without page cache, with the limits that it had', () => {
  assert.deepEqual(containerNeeds([container('main', 0, 0.5, 200)]), [
    {
      name: 'main',
      cpuCores: { p95: 0.5, peak: 1 },
      memoryBytes: { p95: 190 * MiB, peak: 200 * MiB },
      limits: { cpuCores: 2, memoryBytes: 1024 * MiB },
      runs: 1,
      samples: 101,
    },
  ]);
});

test('a peak between two samples counts as the kernel noted it, less the page cache of that time', () => {
  const plain = container('main', 0, 0.5, 200);
  const noted = (at: (second: number) => number): ContainerSamples => ({
    ...plain,
    series: [
      ...plain.series,
      series(
        'memoryPeakBytes',
        Array.from({ length: 101 }, (_, second) => [second * 1000, at(second) * MiB] as const),
        { subject: 'container', index: 0 },
      ),
    ],
  });
  const peakOf = (samples: ContainerSamples) => (containerNeeds([samples])[0]?.memoryBytes.peak ?? 0) / MiB;
  assert.equal(peakOf(noted((s) => (s < 40 ? 600 : 850))), 350);
  // What the sampled level reached, too, and what had been reached before the run.
  assert.equal(peakOf(noted((s) => 500 + 2 * s)), 200);
  assert.equal(peakOf(noted(() => 900)), 200);
});

test('of several runs and pods the greatest counts, container by container', () => {
  const needs = containerNeeds([
    container('main', 0, 0.5, 200),
    container('main', 3, 0.8, 100),
    container('side', 1, 0.1, 20),
  ]);
  assert.deepEqual(
    needs.map(({ name, cpuCores, memoryBytes, runs }) => [
      name,
      Number(cpuCores.p95.toFixed(3)),
      memoryBytes.peak / MiB,
      runs,
    ]),
    [
      ['main', 0.8, 200, 2],
      ['side', 0.1, 20, 1],
    ],
  );
});

test('a container of which nothing was read, or that did nothing, is left out', () => {
  assert.deepEqual(
    containerNeeds([{ directory: { containers: [{ member: 0, index: 0, name: 'x' }] }, series: [] }]),
    [],
  );
  assert.deepEqual(containerNeeds([container('idle', 0, 0, 10)]), []);
});

test('CPU is requested at the p95, memory at the peak and the headroom, a CPU limit only where there is one', () => {
  const needs = containerNeeds([container('main', 0, 0.5, 200)]);
  const [fromCgroup] = adviceFor(needs, new Map(), 0.2);
  assert.deepEqual(fromCgroup?.set, { limits: { cpu: '2000m', memory: '1024Mi' } });
  assert.deepEqual(fromCgroup?.advised, {
    requests: { cpu: '500m', memory: '240Mi' },
    limits: { cpu: '1200m', memory: '240Mi' },
  });
  const [fromManifest] = adviceFor(needs, new Map([['main', { requests: { cpu: '4' } }]]), 0);
  assert.deepEqual(fromManifest?.advised.limits, { memory: '200Mi' });
});

test('requests far above use are told, and those that fit are not', () => {
  const needs = containerNeeds([container('main', 0, 0.5, 200)]);
  const told = (cpu: string, memory: string) =>
    oversizedRequests(adviceFor(needs, new Map([['main', { requests: { cpu, memory } }]]), 0.2));
  assert.deepEqual(
    told('4', '1Gi').map(({ sentence }) => sentence),
    [
      'Container `main` requests 4.00 CPUs and used at most 0.5 in 95 % of the time: a request of 500m would do.',
      'Container `main` requests 1.00 GiB of memory and used 200 MiB at most: a request of 240Mi would do.',
    ],
  );
  assert.deepEqual(told('600m', '300Mi'), []);
  assert.deepEqual(oversizedRequests(adviceFor(needs, new Map(), 0.2)), []);
});

test('quantities are read as Kubernetes writes them, and written rounded up', () => {
  assert.deepEqual(['250m', '2', '0.5', '1Gi', '128Mi', '1e3', '1M', 'a lot', '5x'].map(parseQuantity), [
    0.25,
    2,
    0.5,
    2 ** 30,
    2 ** 27,
    1000,
    1e6,
    undefined,
    undefined,
  ]);
  assert.deepEqual([0.5, 0.501, 0, 2].map(cpuQuantity), ['500m', '510m', '10m', '2000m']);
  assert.deepEqual([MiB, MiB + 1, 0].map(memoryQuantity), ['1Mi', '2Mi', '1Mi']);
});
