import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, parseRoute, type Route } from '../../../aggregator/page/router.ts';

const routes: readonly Route[] = [
  { view: 'runs' },
  { view: 'runs', workload: 'a&b=c', text: 'two words' },
  {
    view: 'runs',
    outcome: 'failed',
    tag: 'a=b=c&d',
    host: 'node 1',
    since: '2026-03-01T10:00:00.000Z',
    until: '2026-03-02T00:00:00.000Z',
    sort: 'peakRssBytes',
    order: 'asc',
    chosen: ['train@1', 'train@2', 'a&b@3'],
    baseline: ['train@2'],
  },
  { view: 'runs', last: 'week' },
  { view: 'run', ref: 'train@12' },
  { view: 'run', ref: '<img src=x>/?#%@1', zoom: { fromMs: 1000, toMs: 2500 } },
  { view: 'compare', baseline: 'train@11', other: 'train@12' },
  { view: 'compare', baseline: 'a,b@1', other: '100%@2' },
  {
    view: 'compare',
    baseline: 'train@last:10',
    other: 'train@commit=abc',
    leaveOut: 'warm-up,outlier',
    measures: 'wallSeconds,peakRss',
    effect: 0,
    byPhase: true,
    onlyDifferent: true,
    zoom: { fromMs: 1000, toMs: 2500 },
  },
];

test('every view is found again by its address, whatever its names hold', () => {
  for (const route of routes) assert.deepEqual(parseRoute(addressOf(route)), route);
});

test('no address at all is the list of runs', () => {
  assert.deepEqual(parseRoute(''), { view: 'runs' });
});

test('an address of no view is told as such', () => {
  assert.deepEqual(parseRoute('#/nowhere'), { view: 'unknown', path: '/nowhere' });
  assert.equal(parseRoute('#/compare?runs=only@1').view, 'unknown');
});

test('a stretch that ends before it begins is left out', () => {
  assert.deepEqual(parseRoute('#/runs/a@1?from=5&to=4'), { view: 'run', ref: 'a@1' });
});

test('a name that is not properly encoded is taken as it is', () => {
  assert.deepEqual(parseRoute('#/runs/100%@1'), { view: 'run', ref: '100%@1' });
});
