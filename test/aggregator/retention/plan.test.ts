import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  planRetention,
  type RetentionCandidate,
  type RetentionPlan,
} from '../../../aggregator/retention/plan.ts';
import type { RetentionPolicy } from '../../../aggregator/retention/policy.ts';
import type { RunRecord, StoreUsage } from '../../../aggregator/store/model.ts';
import { member, openMember, run, START_MS } from '../fake-store.ts';

const DAY_MS = 86_400_000;
const MB = 1_000_000;
const NOW_MS = START_MS + 100 * DAY_MS;
const plenty: StoreUsage = { usedBytes: 0, reusableBytes: 0, diskFreeBytes: 1000 * MB };

/** Run `number` ended `days` ago and takes 10 MB: 8 of samples, 1 of levels, 1 of its directory. */
function candidate(number: number, days: number, change: Partial<RunRecord> = {}): RetentionCandidate {
  const endedAtMs = NOW_MS - days * DAY_MS;
  const members = [member({ outcome: { endedAtMs, exitCode: 0, reason: 'exited' } })];
  const record = run(number, { startedAtMs: endedAtMs - 1000, members, ...change });
  const isOpen = record.members.some(({ outcome }) => outcome === undefined);
  return {
    record,
    state: isOpen ? 'running' : 'finished',
    footprint: { log: 0, samples: 8 * MB, levels: MB, directory: MB },
  };
}

function plan(
  policy: Partial<RetentionPolicy>,
  runs: readonly RetentionCandidate[],
  usage: StoreUsage = plenty,
): RetentionPlan {
  const newestFirst = runs.toSorted((a, b) => b.record.startedAtMs - a.record.startedAtMs);
  return planRetention({ baselineRuns: 0, ...policy }, newestFirst, usage, NOW_MS);
}

const fates = ({ steps }: RetentionPlan) => steps.map(({ record, to }) => `${record.number} ${to}`);

test('a run is thinned to levels, then to its summary, and deleted, as it grows old', () => {
  const policy = { samplesForMs: 10 * DAY_MS, levelsForMs: 20 * DAY_MS, runsForMs: 30 * DAY_MS };
  const made = plan(policy, [candidate(4, 9), candidate(3, 11), candidate(2, 21), candidate(1, 31)]);
  assert.deepEqual(fates(made), ['1 deleted', '2 summary', '3 levels']);
  assert.equal(made.steps[1]?.why, 'it ended 21 days ago, and levels are kept for 20 days');
  assert.deepEqual(
    made.steps.map(({ bytes }) => bytes / MB),
    [10, 9, 8],
  );
  assert.equal(made.freedBytes, 27 * MB);
});

test('what was thinned already is not thinned to the same again', () => {
  const policy = { samplesForMs: 10 * DAY_MS };
  const made = plan(policy, [
    candidate(2, 11, { thinned: 'levels' }),
    candidate(1, 11, { thinned: 'summary' }),
  ]);
  assert.deepEqual(made.steps, []);
});

test('each workload keeps its newest runs', () => {
  const other = { workload: { kind: 'Local', name: 'build' } } as const;
  const runs = [candidate(3, 1), candidate(2, 2), candidate(1, 3), candidate(1, 9, other)];
  const made = plan({ runsPerWorkload: 2 }, runs);
  assert.deepEqual(fates(made), ['1 deleted']);
  assert.equal(made.steps[0]?.record.workload.name, 'train');
  assert.match(String(made.steps[0]?.why), /has 3 runs, and 2 are kept/);
});

test('running, pinned and tagged runs are not touched, and it is said why', () => {
  const runs = [
    candidate(4, 50, { members: [openMember({ lastSeenMs: NOW_MS - 50 * DAY_MS })] }),
    candidate(3, 51, { pinned: true }),
    candidate(2, 52, { tags: { baseline: '' } }),
    candidate(1, 53),
  ];
  const made = plan({ samplesForMs: DAY_MS, runsForMs: 2 * DAY_MS }, runs);
  assert.deepEqual(fates(made), ['1 deleted']);
  assert.deepEqual(
    made.spared.map(({ record, why }) => [record.number, why]),
    [
      [2, 'it is tagged as a baseline'],
      [3, 'it is pinned'],
      [4, 'it has not ended'],
    ],
  );
});

test('the last good runs of a workload are thinned, but not deleted', () => {
  const failed = [member({ outcome: { endedAtMs: NOW_MS - 40 * DAY_MS, exitCode: 1, reason: 'exited' } })];
  const runs = [candidate(3, 40, { members: failed }), candidate(2, 41), candidate(1, 42)];
  const made = plan({ samplesForMs: DAY_MS, runsForMs: 30 * DAY_MS, baselineRuns: 1 }, runs);
  assert.deepEqual(fates(made), ['1 deleted', '2 levels', '3 deleted']);
  assert.deepEqual(
    made.spared.map(({ record, why }) => [record.number, why]),
    [[2, 'later runs are compared with it']],
  );
});

test('room is made by thinning the oldest runs first, and by deleting only where that is not enough', () => {
  const runs = [candidate(3, 1), candidate(2, 2), candidate(1, 3)];
  const usage = { ...plenty, usedBytes: 30 * MB };
  const within = (mostBytes: number) => fates(plan({ mostBytes: mostBytes * MB }, runs, usage));
  assert.deepEqual(within(30), []);
  assert.deepEqual(within(23), ['1 levels']);
  assert.deepEqual(within(10), ['1 levels', '2 levels', '3 levels']);
  assert.deepEqual(within(5), ['1 summary', '2 levels', '3 levels']);
  assert.deepEqual(within(2), ['1 deleted', '2 summary', '3 summary']);
});

test('what age frees counts for the limit of space', () => {
  const usage = { ...plenty, usedBytes: 20 * MB };
  const made = plan({ runsForMs: DAY_MS, mostBytes: 10 * MB }, [candidate(2, 0), candidate(1, 2)], usage);
  assert.deepEqual(fates(made), ['1 deleted']);
});

test('a disk that is nearly full makes room too; free pages of the store count as free', () => {
  const runs = [candidate(2, 1), candidate(1, 2)];
  const usage = { usedBytes: 20 * MB, reusableBytes: 3 * MB, diskFreeBytes: 2 * MB };
  assert.deepEqual(fates(plan({ leastFreeBytes: 5 * MB }, runs, usage)), []);
  const made = plan({ leastFreeBytes: 6 * MB }, runs, usage);
  assert.deepEqual(fates(made), ['1 levels']);
  assert.match(String(made.steps[0]?.why), /the disk is to have/);
});

test('where all that is left stays, the plan says how much still lacks', () => {
  const runs = [candidate(2, 1, { pinned: true }), candidate(1, 2)];
  const usage = { ...plenty, usedBytes: 20 * MB };
  const made = plan({ mostBytes: 4 * MB }, runs, usage);
  assert.deepEqual(fates(made), ['1 deleted']);
  assert.equal(made.lackingBytes, 6 * MB);
});
