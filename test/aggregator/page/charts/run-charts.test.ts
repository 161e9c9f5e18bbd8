import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  drawnProcesses,
  namedProcesses,
  ownAndShortLivedCpu,
} from '../../../../aggregator/page/charts/chosen-processes.ts';
import { chartModel, runCharts } from '../../../../aggregator/page/charts/run-charts.ts';
import type { ProcessView, SeriesAnswer } from '../../../../protocol/query.ts';

function process(index: number, cpu: number, rss = 0): ProcessView {
  return {
    key: `0.${index}`,
    pid: 100 + index,
    role: 'target',
    comm: `p${index}`,
    member: 'm',
    startMs: 0,
    cpuUserSeconds: cpu,
    cpuSystemSeconds: 0,
    peakRssBytes: rss,
    samples: 2,
  };
}

type Line = readonly [key: string, column: string, values: (number | null)[]];

function answer(lines: readonly Line[]): SeriesAnswer {
  return {
    fromMs: 0,
    toMs: 2000,
    times: [0, 1000],
    gaps: [{ atMs: 1500, missed: 1 }],
    lines: lines.map(([key, column, values]) => ({
      subject: 'process',
      key,
      column,
      kind: 'counter',
      unit: 's',
      min: values,
      max: values,
      mean: values,
    })),
  };
}

const chart = (title: string) => {
  const found = runCharts.find((one) => one.style.title === title);
  assert.ok(found);
  return found;
};

test('the CPU chart adds user and kernel time by process, pools the rest, and keeps short-lived ones apart', () => {
  const processes = Array.from({ length: 10 }, (_, index) => process(index, 10 - index));
  const whole = answer([
    ...processes.map(({ key }): Line => [key, 'utimeTicks', [0.5, 0.25]]),
    ...processes.map(({ key }): Line => [key, 'stimeTicks', [0.25, 0.25]]),
    ['0.9', 'shortLivedUserTicks', [0.125, 0]],
  ]);
  const model = chartModel(chart('CPU'), [whole], {
    processes,
    named: namedProcesses(processes),
    intervalMs: 100,
  });
  assert.deepEqual(model.series.map((series) => series.label).slice(-3), [
    'p7 107',
    '2 others',
    'short-lived processes',
  ]);
  assert.deepEqual(model.series[0]?.values, [0.75, 0.5]);
  assert.deepEqual(model.series.at(-2)?.values, [1.5, 1]);
  assert.deepEqual(model.series.at(-1)?.values, [0.125, 0]);
  assert.deepEqual(model.times, [0, 1]);
  assert.deepEqual(model.gapsAt, [1.5]);
});

test('a process has a colour of its own for its CPU time or for its memory', () => {
  const idle = Array.from({ length: 9 }, (_, index) => process(index, 0.1));
  const named = namedProcesses([...idle, process(20, 9), process(21, 0, 2 ** 30)]);
  assert.deepEqual(
    named
      .slice(0, 2)
      .map((one) => one.key)
      .toSorted(),
    ['0.20', '0.21'],
  );
  assert.equal(new Set(named.map((one) => one.ink)).size, named.length);
});

test('of very many processes the lightest are left out, and the chart says how many and how much', () => {
  const processes = Array.from({ length: 70 }, (_, index) => process(index, index < 60 ? 10 : 0.5));
  assert.equal(drawnProcesses(processes, ownAndShortLivedCpu).keys.length, 60);
  const model = chartModel(chart('CPU'), [answer([])], { processes, named: [], intervalMs: 100 });
  assert.equal(
    model.note?.replaceAll('\u00a0', ' '),
    'Not drawn: 10 lesser processes with 5.00 s of CPU time together.',
  );
});

test('pressure is asked of containers and of hosts, and each subject has its line', () => {
  const questions = chart('Pressure').ask([]);
  assert.deepEqual(
    questions.map((question) => question.processes),
    ['containers', 'hosts'],
  );
  const app = answer([['app', 'psiCpuSomeUs', [0.1, 0.2]]]);
  const web = answer([['web', 'psiCpuSomeUs', [0, 0]]]);
  const model = chartModel(chart('Pressure'), [app, web], { processes: [], named: [], intervalMs: 100 });
  assert.deepEqual(
    model.series.map((series) => series.label),
    ['waiting for a CPU · app', 'waiting for a CPU · web'],
  );
});

test('a run without processes asks for nothing', () => {
  assert.deepEqual(chart('CPU').ask([]), []);
});
