import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  mayHaveOutputs,
  outputCharts,
  outputModel,
  outputPoints,
  outputStyle,
} from '../../../../aggregator/page/charts/output-lines.ts';
import type { SeriesAnswer } from '../../../../protocol/query.ts';

function answer(values: Readonly<Record<string, number[]>>): SeriesAnswer {
  const lines = Object.entries(values).map(([key, mean]) => ({
    subject: 'output' as const,
    key,
    column: 'outputValue',
    kind: 'gauge' as const,
    unit: '1',
    min: mean,
    max: mean,
    mean,
  }));
  return { fromMs: 0, toMs: 2000, times: [0, 1000], gaps: [{ atMs: 1500, missed: 1 }], lines };
}

const alone = { members: [{ name: 'box', agent: 'a' }] };
const two = { members: ['p-0', 'p-1'].map((name) => ({ name, agent: name })) };

test('figures are asked for where a result tells of one, and where nothing was measured', () => {
  const result = (name: string) =>
    ({ name, unit: '1', value: 1, better: 'neutral', combine: 'mean' }) as const;
  assert.equal(mayHaveOutputs({ metrics: ['performance'] }), false);
  assert.equal(mayHaveOutputs({ metrics: ['performance'], results: [result('fio.read.iops')] }), false);
  assert.equal(mayHaveOutputs({ metrics: ['performance'], results: [result('loss.last')] }), true);
  assert.equal(mayHaveOutputs({ metrics: [] }), true);
});

test('a chart has the figures of one name, whatever their labels and members', () => {
  const labelled = answer({ 'loss{a="x/y"}': [1], steps: [1], 'loss{a="z"}': [1], 'eval/loss': [1] });
  assert.deepEqual(outputCharts(labelled, alone), [
    { name: 'loss', keys: ['loss{a="x/y"}', 'loss{a="z"}'] },
    { name: 'steps', keys: ['steps'] },
    { name: 'eval/loss', keys: ['eval/loss'] },
  ]);
  assert.deepEqual(outputCharts(answer({ 'p-0/loss': [1], 'p-1/loss': [1] }), two), [
    { name: 'loss', keys: ['p-0/loss', 'p-1/loss'] },
  ]);
});

test('more lines of one name than there are colours are several charts', () => {
  const many = answer(Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`heat{n="${n}"}`, [1]])));
  assert.deepEqual(
    outputCharts(many, alone).map(({ name, keys }) => [name, keys.length]),
    [
      ['heat', 8],
      ['heat', 8],
      ['heat', 1],
    ],
  );
});

test('a chart draws its own figures by name, each in a colour of its own', () => {
  const read = answer({ loss: [2, -1], other: [5, 5] });
  assert.deepEqual(outputModel({ name: 'loss', keys: ['loss', 'gone'] }, read, 500), {
    times: [0, 1],
    gapsAt: [1.5],
    series: [{ label: 'loss', ink: 'series-1', values: [2, -1] }],
  });
});

test('an answer of very many figures has fewer points', () => {
  assert.equal(outputPoints(600, 3), 600);
  assert.equal(outputPoints(600, 1000), 150);
  assert.equal(outputPoints(600, 10_000), 50);
});

test('figures of any size are told shortly', () => {
  const { format } = outputStyle({ name: 'rate', keys: [] });
  assert.deepEqual([0, 3e-5, 0.25, 1200, -4e12].map(format), ['0', '3.00e-5', '0.25', '1,200', '-4.00e+12']);
});
