import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chartView } from '../../../../aggregator/page/charts/chart-view.ts';
import { namedProcesses } from '../../../../aggregator/page/charts/chosen-processes.ts';
import { chartModel, questionsOf, runCharts } from '../../../../aggregator/page/charts/run-charts.ts';
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

const oneMember = { members: [{ name: 'm', agent: 'a' }] };
const none = chartView(oneMember, [], { by: 'process', chosen: undefined });

test('the CPU chart adds user and kernel time by process, pools the rest, and keeps short-lived ones apart', () => {
  const processes = Array.from({ length: 10 }, (_, index) => process(index, 10 - index));
  const view = chartView(oneMember, processes, { by: 'process', chosen: undefined });
  assert.deepEqual(questionsOf(chart('CPU'), view), [
    {
      columns: 'utimeTicks,stimeTicks,cpuTimeMs,shortLivedUserTicks,shortLivedSystemTicks',
      processes: '0.0,0.1,0.2,0.3,0.4,0.5,0.6,0.7',
      together: 'others',
    },
  ]);
  const whole = answer([
    ...view.named.map(({ key }): Line => [key, 'utimeTicks', [0.5, 0.25]]),
    ...view.named.map(({ key }): Line => [key, 'stimeTicks', [0.25, 0.25]]),
    ['others', 'utimeTicks', [1, 0.5]],
    ['others', 'stimeTicks', [0.5, 0.5]],
    ['others', 'shortLivedUserTicks', [0.125, 0]],
  ]);
  const model = chartModel(chart('CPU'), [whole], { view, intervalMs: 100 });
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

test('a chosen process stands against all others, and alone where lines are drawn', () => {
  const processes = Array.from({ length: 70 }, (_, index) => process(index, 70 - index));
  const view = chartView(oneMember, processes, { by: 'process', chosen: '0.66' });
  const asked = questionsOf(chart('Resident memory'), view);
  assert.deepEqual(asked, [{ columns: 'rssBytes', processes: '0.66', together: 'others' }]);
  const memory = answer([
    ['0.66', 'rssBytes', [1, 2]],
    ['others', 'rssBytes', [7, 8]],
  ]);
  const labels = chartModel(chart('Resident memory'), [memory], { view, intervalMs: 100 }).series;
  assert.deepEqual(
    labels.map(({ label }) => label),
    ['p66 166', '69 others'],
  );
  const io = answer([
    ['0.66', 'readBytes', [5, 6]],
    ['others', 'readBytes', [100, 100]],
  ]);
  assert.deepEqual(chartModel(chart('IO'), [io], { view, intervalMs: 100 }).series[0]?.values, [5, 6]);
});

test('containers are stacked by the names that the API gives them', () => {
  const processes = [
    { ...process(0, 1), container: 'proxy' },
    { ...process(1, 9), container: 'main' },
    process(2, 1),
  ];
  const by = 'container';
  const view = chartView(oneMember, processes, { by, chosen: undefined });
  assert.deepEqual(
    view.named.map(({ key }) => key),
    ['main', 'proxy', 'no container'],
  );
  assert.equal(questionsOf(chart('CPU'), view)[0]?.together, 'containers');
  const two = { members: [...oneMember.members, { name: 'n', agent: 'b' }] };
  assert.equal(chartView(two, processes, { by, chosen: undefined }).named[0]?.key, 'm/main');
});

test('pressure is asked of containers and of hosts, and each subject has its line', () => {
  const questions = questionsOf(chart('Pressure and throttling'), none);
  assert.deepEqual(
    questions.map((question) => question.processes),
    ['containers', 'hosts'],
  );
  const app = answer([['app', 'psiCpuSomeUs', [0.1, 0.2]]]);
  const web = answer([['web', 'psiCpuSomeUs', [0, 0]]]);
  const model = chartModel(chart('Pressure and throttling'), [app, web], { view: none, intervalMs: 100 });
  assert.deepEqual(
    model.series.map((series) => series.label),
    ['waiting for a CPU · app', 'waiting for a CPU · web'],
  );
});
