import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricParts, parseMetricChoice } from '../../protocol/metric-choice.ts';

test('metrics are named in any order, and stand in that of the catalogue', () => {
  assert.deepEqual(parseMetricChoice('storage, performance,storage'), {
    metrics: ['performance', 'storage'],
    without: new Set(),
  });
});

test('a part of a metric is left out, and one that is switched on stays', () => {
  const choice = parseMetricChoice('performance:pss=off,storage:volumes=on:devices=off,time');

  assert.deepEqual(choice?.metrics, ['performance', 'time', 'storage']);
  assert.deepEqual(choice?.without, new Set(['pss', 'devices']));
});

test('what is no metric, no part of that metric or neither on nor off is no choice', () => {
  for (const text of ['', 'cpu', 'performance,', 'time:pss=off', 'performance:pss', 'performance:pss=no']) {
    assert.equal(parseMetricChoice(text), undefined, text);
  }
});

test('no two metrics have a part of the same name', () => {
  const parts = Object.values(metricParts).flatMap((of) => Object.keys(of));
  assert.equal(new Set(parts).size, parts.length);
});
