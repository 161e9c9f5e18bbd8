import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listRuns } from '../../../aggregator/query/list-runs.ts';
import { listWorkloads } from '../../../aggregator/query/list-workloads.ts';
import type { StateOf } from '../../../aggregator/query/run-view.ts';
import type { RunRecord } from '../../../aggregator/store/model.ts';
import type { Pod } from '../../../protocol/pods.ts';
import type { HostFacts, RunOutcome } from '../../../protocol/run.ts';
import { runOutcomes } from '../../../protocol/run-choices.ts';
import type { RunsQuery } from '../../../protocol/run-list.ts';
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

const box: HostFacts = {
  hostname: 'box',
  platform: 'linux',
  architecture: 'x64',
  kernel: '6.12',
  cpuModel: 'a CPU',
  cores: 4,
  memoryBytes: 2 ** 32,
};

test('runs are filtered by workload, state, tag and time', () => {
  const records = [
    run(3, { workload: { kind: 'Local', name: 'eval' }, tags: { commit: 'a' } }),
    run(2, { members: [openMember()] }),
    run(1, { tags: { commit: 'a=b' } }),
  ];
  assert.deepEqual(numbers(records, { workload: 'eval' }), [3]);
  assert.deepEqual(numbers(records, { state: 'running' }), [2]);
  assert.deepEqual(numbers(records, { tag: 'commit=a=b' }), [1]);
  assert.deepEqual(numbers(records, { tag: 'toString=' }), []);
  const second = new Date(START_MS + 2 * 3_600_000).toISOString();
  assert.deepEqual(numbers(records, { since: second }), [3, 2]);
  assert.deepEqual(numbers(records, { until: second }), [2, 1]);
});

test('every run has one outcome: what is not known to have failed has succeeded once it is finished', () => {
  const ended = (number: number, outcome: Omit<RunOutcome, 'endedAtMs'>) =>
    run(number, { members: [member({ outcome: { endedAtMs: START_MS, ...outcome } })] });
  const records = [
    run(7, { id: 'lost' }),
    run(6, { members: [openMember()] }),
    ended(5, { reason: 'failed' }),
    ended(4, { reason: 'detached' }),
    ended(3, { reason: 'signalled', signal: 'SIGKILL' }),
    ended(2, { reason: 'exited', exitCode: 3 }),
    ended(1, { reason: 'exited', exitCode: 0 }),
  ];
  const state: StateOf = (record) => (record.id === 'lost' ? 'interrupted' : stateOf(record));
  const found = runOutcomes.map((outcome) =>
    listRuns(records, { outcome }, state).runs.map((one) => one.number),
  );
  assert.deepEqual(found, [[6], [4, 1], [5, 3, 2], [7]]);
});

test('runs are found by the host, and in a cluster by a node that they ran on', () => {
  const pod: Pod = { name: 'p', uid: 'u', node: 'node-b', phase: 'Running', containers: [] };
  const records = [run(2, { pods: [pod] }), run(1, { host: box })];
  assert.deepEqual(numbers(records, { host: 'box' }), [1]);
  assert.deepEqual(numbers(records, { host: 'node-b' }), [2]);
  assert.deepEqual(numbers(records, { host: 'bo' }), [], 'a name is meant as a whole');
});

test('words must all occur, in whatever part of a run, in upper or lower case', () => {
  const records = [
    run(3, { workload: { kind: 'Job', name: 'eval', namespace: 'ml' }, note: 'after the fix' }),
    run(2, { command: ['make', 'train', 'BATCH=64'], host: box }),
    run(1, { command: ['make', 'test'], tags: { branch: 'Main' } }),
  ];
  assert.deepEqual(numbers(records, { text: 'make' }), [2, 1]);
  assert.deepEqual(numbers(records, { text: '  batch=64 MAKE ' }), [2]);
  assert.deepEqual(numbers(records, { text: 'branch=main' }), [1]);
  assert.deepEqual(numbers(records, { text: 'ml eval@3 fix' }), [3]);
  assert.deepEqual(numbers(records, { text: 'box' }), [2]);
  assert.deepEqual(numbers(records, { text: 'make nothing' }), []);
  assert.deepEqual(numbers(records, { text: ' ' }), [3, 2, 1]);
});

test('of a time that has begun no older record is read', () => {
  const read: number[] = [];
  const records = [5, 4, 3, 2, 1].map((number) => run(number));
  const watched = (function* () {
    for (const record of records) {
      read.push(record.number);
      yield record;
    }
  })();
  const since = new Date(START_MS + 4 * 3_600_000).toISOString();
  assert.equal(listRuns(watched, { since, sort: 'wallSeconds' }, stateOf).runs.length, 2);
  assert.deepEqual(read, [5, 4, 3]);
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

test('runs are sorted by cores, which are CPU time by wall time, and by what they read and wrote', () => {
  const records = [
    using(1, { wallSeconds: 1000, cpuUserSeconds: 300, readBytes: 5, writeBytes: 1 }),
    using(2, { wallSeconds: 4000, cpuUserSeconds: 400, readBytes: 7 }),
    using(3, { cpuUserSeconds: 900, readBytes: 6, writeBytes: 2 }),
  ];
  assert.deepEqual(numbers(records, { sort: 'averageCores' }), [1, 2, 3]);
  assert.deepEqual(numbers(records, { sort: 'readBytes' }), [2, 3, 1]);
  assert.deepEqual(numbers(records, { sort: 'writeBytes', order: 'asc' }), [1, 3, 2]);
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

test('a workload has the figures of its last 20 runs, oldest first, of those that were measured', () => {
  const records = Array.from({ length: 25 }, (_, i) =>
    using(25 - i, { wallSeconds: 1000 * (25 - i), ...(i === 0 && { cpuUserSeconds: 5000 }) }),
  );
  const recent = listWorkloads(records, stateOf).workloads[0]?.recent ?? [];
  assert.equal(recent.length, 20);
  assert.deepEqual(recent[0], { number: 6, wallSeconds: 6 });
  assert.deepEqual(recent.at(-1), { number: 25, wallSeconds: 25, cpuSeconds: 50, averageCores: 2 });
});
