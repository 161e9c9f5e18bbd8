import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overlayCharts, questionsOf, totalOf } from '../../../../aggregator/page/views/compare-overlay.ts';
import { buildSeries, planSeries } from '../../../../aggregator/query/series.ts';
import type { ColumnSeries, ProcessEntry } from '../../../../aggregator/store/model.ts';
import { FakeStore, member, processEntry, run, series, totalsOf } from '../../fake-store.ts';

const PROCESSES = 200;

/** Each uses a hundredth of a core and holds 1 MiB. */
function crowd(): FakeStore {
  const store = new FakeStore();
  const processes: ProcessEntry[] = Array.from({ length: PROCESSES }, (_, index) =>
    processEntry({ index, endMs: 10_000 }),
  );
  const samples: ColumnSeries[] = processes.flatMap(({ index }) => [
    series(
      'utimeTicks',
      Array.from({ length: 11 }, (_, s) => [s * 1000, s] as const),
      { index },
    ),
    series(
      'rssBytes',
      [0, 5000, 10_000].map((ms) => [ms, 2 ** 20] as const),
      { index },
    ),
  ]);
  const members = [member({ totals: totalsOf({ wallSeconds: 10_000, processes: PROCESSES }) })];
  store.put(run(1, { members }), { processes }, samples);
  return store;
}

test('the line of a run adds up all of its processes, however many they are', () => {
  const store = crowd();
  const record = store.runByNumber('train', 1) ?? assert.fail();
  const directory = store.directory(record.id);
  const meanOf = (title: string): number => {
    const chart = overlayCharts.find(({ style }) => style.title === title) ?? assert.fail();
    const answers = questionsOf(chart).map((question) => {
      const plan = planSeries({ ...question, from: 0, to: 10_000, points: 10 }, record, directory);
      return buildSeries(plan, record, directory, store.series(record.id, plan.request));
    });
    const values = totalOf(chart, answers, 1000).filter((value) => value !== null);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  assert.ok(Math.abs(meanOf('CPU') - PROCESSES / 100) < 0.05, `${meanOf('CPU')} cores`);
  assert.equal(meanOf('Resident memory'), PROCESSES * 2 ** 20);
});
