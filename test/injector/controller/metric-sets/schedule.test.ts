import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextDue, scheduleProblem } from '../../../../injector/controller/metric-sets/schedule.ts';

const due = (schedule: string, after: string): string =>
  new Date(nextDue(schedule, Date.parse(after)) ?? Number.NaN).toISOString();

test('a due time is in UTC and after the one that was met', () => {
  assert.equal(due('0 3 * * *', '2026-03-29T02:59:59Z'), '2026-03-29T03:00:00.000Z');
  assert.equal(due('0 3 * * *', '2026-03-29T03:00:00Z'), '2026-03-30T03:00:00.000Z');
  assert.equal(due('@weekly', '2026-01-01T00:00:00Z'), '2026-01-04T00:00:00.000Z');
});

test('what is no schedule, or never due, is told', () => {
  assert.equal(scheduleProblem('*/5 * * * *'), undefined);
  assert.match(scheduleProblem('61 * * * *') ?? '', /^is no schedule of cron: /);
  assert.match(scheduleProblem('0 0 3 * * *') ?? '', /^is no schedule of cron: /);
  assert.equal(scheduleProblem('0 0 31 2 *'), 'is never due');
});
