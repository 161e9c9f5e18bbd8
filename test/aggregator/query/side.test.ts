import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareSides } from '../../../aggregator/query/compare.ts';
import { runView } from '../../../aggregator/query/run-view.ts';
import type { SideInput } from '../../../aggregator/query/side.ts';
import type { RunRecord } from '../../../aggregator/store/model.ts';
import { member, run, START_MS, stateOf, totalsOf } from '../fake-store.ts';

const host = {
  hostname: 'box',
  platform: 'linux',
  architecture: 'x64',
  kernel: '6.1.0',
  cpuModel: 'Fast 9000',
  cores: 8,
  memoryBytes: 16 * 2 ** 30,
};

function side(
  label: string,
  walls: readonly number[],
  change: (i: number) => Partial<RunRecord> = () => ({}),
): SideInput {
  return {
    label,
    runs: walls.map((wallSeconds, i) => {
      const totals = totalsOf({ wallSeconds: wallSeconds * 1000 });
      const record = run(i + 1, { host, members: [member({ totals })], ...change(i) });
      return { run: runView(record, stateOf(record)), processes: [], containers: [] };
    }),
  };
}

const others = side('b', [10, 10.1, 9.9, 10.2, 9.8, 10]);
const marksOf = (input: SideInput) => compareSides(input, others, []).sides.a.runs.map(({ marks }) => marks);

test('a slow first run is a warm-up, and a run far from the others later is an outlier', () => {
  assert.deepEqual(marksOf(side('a', [20, 10, 10.1, 9.9, 10, 10.2])), [['warm-up'], [], [], [], [], []]);
  assert.deepEqual(marksOf(side('a', [10, 10.1, 9.9, 3, 10.2])), [[], [], [], ['outlier'], []]);
  assert.deepEqual(marksOf(side('a', [10, 10.1, 9.9, 10.2])), [[], [], [], []]);
});

test('a failed run, an unfinished one and one on another host type are marked', () => {
  const outcome = { endedAtMs: START_MS + 1, exitCode: 3, reason: 'exited' } as const;
  const odd = [{ members: [member({ outcome })] }, { host: { ...host, cores: 2 } }, {}];
  assert.deepEqual(marksOf(side('a', [10, 10, 10], (i) => odd[i] ?? {})), [['failed'], ['other-host'], []]);
});

test('marked runs take part until they are left out, and are named either way', () => {
  const slowFirst = side('a', [20, 10, 10.1, 9.9, 10, 10.2]);
  const all = compareSides(slowFirst, others, []);
  assert.deepEqual(all.cautions, ['train@1 was far slower than the runs after, as a warm-up is.']);
  assert.equal(all.measures[0]?.a, 10.05);
  const rest = compareSides(slowFirst, others, [], { leaveOut: ['warm-up'] });
  assert.deepEqual(rest.cautions, ['Left out: train@1 (warm-up).']);
  assert.equal(rest.measures[0]?.a, 10);
});

test('a side of which nothing is left is refused', () => {
  const outcome = { endedAtMs: START_MS + 1, exitCode: 3, reason: 'exited' } as const;
  const allFailed = side('a', [10, 10], () => ({ members: [member({ outcome })] }));
  assert.throws(
    () => compareSides(allFailed, others, [], { leaveOut: ['failed'] }),
    /Of "a" no run is left once failed are left out/,
  );
});

test('unlike hosts are said before anything else', () => {
  const mixed = side('a', [20, 10, 10.1, 9.9, 10, 10.2], (i) =>
    i === 3 ? { host: { ...host, cores: 2 } } : {},
  );
  assert.match(compareSides(mixed, others, []).cautions[0] ?? '', /^Different numbers of CPUs: 8 and 2\.$/);
});

test('the run that stands for a side is the one nearest to the median wall time', () => {
  assert.equal(compareSides(side('a', [12, 10, 11]), others, []).a.number, 3);
});
