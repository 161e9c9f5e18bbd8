import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_FIGURES, OutputFigures } from '../../../agent/results/output-figures.ts';

function valuesOf(figures: OutputFigures): Record<string, number> {
  return Object.fromEntries(figures.results().map(({ name, value }) => [name, value]));
}

test('a figure has its last, least, greatest and mean value, their number and its growth in a second', () => {
  const figures = new OutputFigures();
  for (const [value, atMs] of [
    [4, 1000],
    [1, 2000],
    [10, 4000],
  ] as const) {
    figures.note('steps', value, atMs);
  }
  assert.deepEqual(valuesOf(figures), {
    'steps.last': 10,
    'steps.min': 1,
    'steps.max': 10,
    'steps.mean': 5,
    'steps.count': 3,
    'steps.rate': 2,
  });
});

test('one value has no growth', () => {
  const figures = new OutputFigures();
  figures.note('loss', 0.5, 1000);
  assert.equal(valuesOf(figures)['loss.last'], 0.5);
  assert.ok(!('loss.rate' in valuesOf(figures)));
});

test('values near the largest number leave the mean finite', () => {
  const figures = new OutputFigures();
  for (let i = 0; i < 3; i++) figures.note('huge', 1.7e308, i);
  assert.ok(Math.abs((valuesOf(figures)['huge.mean'] ?? 0) / 1.7e308 - 1) < 1e-12);
});

test('a program that makes up names is followed no further than a bound', () => {
  const figures = new OutputFigures();
  for (let i = 0; i < MOST_FIGURES; i++) assert.ok(figures.note(`n${i}`, 1, 0));
  assert.ok(!figures.note('one-more', 1, 0));
  assert.ok(figures.note('n0', 2, 0));
});
