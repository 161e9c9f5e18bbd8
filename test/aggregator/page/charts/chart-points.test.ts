import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftPoints, wholePoints } from '../../../../aggregator/page/charts/chart-points.ts';

const HOUR_MS = 3_600_000;
const stretch = (hours: number) => ({ fromMs: HOUR_MS, toMs: HOUR_MS + hours * HOUR_MS });

test('a chart has about a point for each pixel, within bounds', () => {
  assert.deepEqual([wholePoints(10), wholePoints(400.4), wholePoints(2000)], [120, 400, 600]);
});

test('a first look has so few points that the store reads its widest cells that still show something', () => {
  assert.equal(draftPoints(stretch(6), 600), 180, 'two cells of a minute a point');
  assert.equal(draftPoints(stretch(1), 600), 180, 'two cells of ten seconds a point');
});

test('there is no first look where it would show next to nothing, or nearly all', () => {
  assert.equal(draftPoints(stretch(0.25), 600), undefined);
  assert.equal(draftPoints(stretch(24), 600), undefined);
  assert.equal(draftPoints(stretch(1), 300), undefined);
});
