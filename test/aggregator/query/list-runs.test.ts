import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listRuns } from '../../../aggregator/query/list-runs.ts';
import { listWorkloads } from '../../../aggregator/query/list-workloads.ts';
import type { RunRecord } from '../../../aggregator/store/model.ts';
import type { RunsQuery } from '../../../protocol/query.ts';
import { FakeStore, member, openMember, run, START_MS, stateOf, totalsOf } from '../fake-store.ts';

const using = (number: number, totals: Parameters<typeof totalsOf>[0]): RunRecord =>
  run(number, { members: [member({ totals: totalsOf(totals) })] });

const numbers = (records: readonly RunRecord[], query: RunsQuery): number[] =>
  listRuns(records, query, stateOf).runs.map((one) => one.number);

/** The run numbers of every page; `between` happens after each page. */
function pages(store: FakeStore, query: RunsQuery, between: () => void = () => {}): number[][] {
  const found: number[][] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = listRuns(store.runs(), { ...query, ...(cursor && { cursor }) }, stateOf);
    found.push(page.runs.map((one) => one.number));
    cursor = page.nextCursor;
    between();
  }
  return found;
}

test('runs are listed newest first, and oldest first when asked', () => {
  const records = [run(2), run(3), run(1)];
  assert.deepEqual(numbers(records, {}), [3, 2, 1]);
  assert.deepEqual(numbers(records, { order: 'asc' }), [1, 2, 3]);
});

test('runs are filtered by workload, state, tag and time', () => {
  const records = [
    run(1, { tags: { commit: 'a=b' } }),
    run(2, { members: [openMember()] }),
    run(3, { workload: { kind: 'Local', name: 'eval' }, tags: { commit: 'a' } }),
  ];
  assert.deepEqual(numbers(records, { workload: 'eval' }), [3]);
  assert.deepEqual(numbers(records, { state: 'running' }), [2]);
  assert.deepEqual(numbers(records, { tag: 'commit=a=b' }), [1]);
  assert.deepEqual(numbers(records, { tag: 'toString=' }), []);
  const second = new Date(START_MS + 2 * 3_600_000).toISOString();
  assert.deepEqual(numbers(records, { since: second }), [3, 2]);
  assert.deepEqual(numbers(records, { until: second }), [2, 1]);
});

test('runs are sorted by what they used, and those without the measure come last in either order', () => {
  const records = [
    using(1, { cpuUserSeconds: 100, cpuSystemSeconds: 300, peakRssBytes: 7 }),
    using(2, { peakRssBytes: 9 }),
    using(3, { cpuUserSeconds: 200, cpuSystemSeconds: 100, peakRssBytes: 8 }),
  ];
  assert.deepEqual(numbers(records, { sort: 'cpuSeconds' }), [1, 3, 2]);
  assert.deepEqual(numbers(records, { sort: 'cpuSeconds', order: 'asc' }), [3, 1, 2]);
  assert.deepEqual(numbers(records, { sort: 'peakRssBytes' }), [2, 3, 1]);
});

test('pages hold every run once, also where many are equal or have no measure', () => {
  const records = [
    ...[1, 2, 3, 4].map((number) => using(number, { wallSeconds: 5 })),
    ...[5, 6, 7].map((number) => using(number, {})),
  ];
  for (const order of ['asc', 'desc'] as const) {
    const found = pages(new FakeStore(...records), { sort: 'wallSeconds', order, limit: 2 });
    assert.deepEqual(
      found.map((page) => page.length),
      [2, 2, 2, 1],
    );
    assert.deepEqual(found.flat().toSorted(), [1, 2, 3, 4, 5, 6, 7]);
  }
});

test('runs that arrive between two pages neither repeat nor hide others', () => {
  const store = new FakeStore(...[1, 2, 3, 4, 5].map((number) => run(number)));
  let next = 6;
  const found = pages(store, { limit: 2 }, () => store.put(run(next++)));
  assert.deepEqual(found, [[5, 4], [3, 2], [1]]);
});

test('the last page has no cursor, even when it is full', () => {
  assert.equal(listRuns([run(1), run(2)], { limit: 2 }, stateOf).nextCursor, undefined);
});

test('a cursor that no answer gave, or of another order, is refused', () => {
  const refused = (query: RunsQuery, message: RegExp) =>
    assert.throws(() => listRuns([run(1)], query, stateOf), { code: 'PODO_BAD_REQUEST', message });
  refused({ cursor: 'nonsense' }, /"nonsense"/);
  refused({ cursor: Buffer.from('{"id":1}').toString('base64url') }, /no answer gave/);
  const { nextCursor = '' } = listRuns([run(1), run(2)], { limit: 1 }, stateOf);
  refused({ cursor: nextCursor, order: 'asc' }, /startedAt desc, not by startedAt asc/);
});

test('workloads are listed with their latest run and how many they have', () => {
  const job = { kind: 'Job', name: 'train', namespace: 'ml' } as const;
  const store = new FakeStore(run(1), run(2), run(3, { workload: job, id: 'other' }));
  assert.deepEqual(
    listWorkloads(store.runs(), stateOf).workloads.map((one) => [
      one.workload.kind,
      one.runs,
      one.latest.number,
    ]),
    [
      ['Job', 1, 3],
      ['Local', 2, 2],
    ],
  );
});
