import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isFiltered,
  parseRunsRoute,
  type RunsRoute,
  runsQuery,
} from '../../../../aggregator/page/views/runs-address.ts';

const NOW = Date.UTC(2026, 2, 2, 12);
const parsed = (text: string): RunsRoute => parseRunsRoute(new URLSearchParams(text));

test('the last hour, day and week end when the server is asked, not when the address was made', () => {
  assert.deepEqual(runsQuery(parsed('last=hour'), NOW), { since: '2026-03-02T11:00:00.000Z' });
  assert.deepEqual(runsQuery(parsed('last=day&until=2020-01-01'), NOW), {
    since: '2026-03-01T12:00:00.000Z',
  });
});

test('the server is asked for the filters and the order, not for the selection', () => {
  const route = parsed('workload=train&tag=a%3Db&sort=cpuSeconds&order=asc&chosen=train@1&baseline=train@1');
  assert.deepEqual(runsQuery(route, NOW), {
    workload: 'train',
    tag: 'a=b',
    sort: 'cpuSeconds',
    order: 'asc',
  });
});

test('what cannot be understood is left out', () => {
  const odd = 'outcome=good&sort=name&order=up&last=year&since=yesterday&tag=%3Db&until=&chosen=,&host=';
  assert.deepEqual(parsed(odd), { view: 'runs' });
});

test('an order or a selection is no filter', () => {
  assert.equal(isFiltered(parsed('sort=cpuSeconds&chosen=train@1')), false);
  assert.equal(isFiltered(parsed('last=day')), true);
});
