import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FigureSeries, storedFigure } from '../../../cli/import/figure-series.ts';

function seriesOf(values: readonly number[]): FigureSeries {
  const series = new FigureSeries('a', 0);
  for (const [i, value] of values.entries()) assert.equal(series.survey(i, value), true);
  return series;
}

/** What a reader gets back. */
function kept(values: readonly number[]): number[] {
  const { decimals } = seriesOf(values);
  return values.map((value) =>
    decimals < 0
      ? storedFigure(value, decimals) * 10 ** -decimals
      : storedFigure(value, decimals) / 10 ** decimals,
  );
}

test('a series keeps as many decimals as its values have', () => {
  assert.equal(seriesOf([1, 0.5, -2.25]).decimals, 2);
  assert.equal(seriesOf([3, 4e6]).decimals, 0);
  assert.equal(seriesOf([0]).decimals, 0);
  assert.equal(seriesOf([1.5e-7]).decimals, 8);
  for (const values of [[0.1, 0.57, 123456.789], [9e12], [-7.5e-9, 0], [2 ** 40]])
    assert.deepEqual(kept(values), values);
});

test('of values that differ too much, 12 digits of the largest are kept', () => {
  assert.deepEqual(kept([1e15 + 7, 3]), [1e15, 0]);
  const [third = 0] = kept([1 / 3]);
  assert.ok(Math.abs(third - 1 / 3) < 1e-12);
  assert.ok(Number.isSafeInteger(storedFigure(1e300, seriesOf([1e300]).decimals) * 1000));
  assert.ok(Number.isSafeInteger(storedFigure(5e-324, seriesOf([5e-324]).decimals)));
  assert.ok(Object.is(storedFigure(-0.001, 0), 0));
});

test('a value that is not later than the one before is not counted', () => {
  const series = new FigureSeries('a', 0);
  assert.deepEqual(
    [5, 5, 4, 9].map((atMs) => series.survey(atMs, 1)),
    [true, false, false, true],
  );
  assert.deepEqual([series.count, series.meanGapMs], [2, 4]);
});
