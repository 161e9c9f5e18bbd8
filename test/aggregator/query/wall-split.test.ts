import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wallParts, wallPartsNotMeasured } from '../../../aggregator/query/wall-parts.ts';
import { readWallSplit, wallSplitColumns, wallSplitOf } from '../../../aggregator/query/wall-split.ts';
import type { ColumnSeries, ProcessEntry } from '../../../aggregator/store/model.ts';
import type { ColumnName } from '../../../protocol/metrics.ts';
import type { WallSplit } from '../../../protocol/wall-split.ts';
import { FakeStore, member, processEntry, run, series, totalsOf } from '../fake-store.ts';

const RUN = { wallMs: 10_000, intervalMs: 1000 };
const one = [processEntry({ index: 0 })];

/** A counter that grows by so much per second in each second of the run. */
function growing(column: ColumnName, perSecond: readonly number[], index = 0): ColumnSeries {
  let total = 0;
  const later = perSecond.map((step, i) => {
    total += step;
    return [(i + 1) * 1000, total] as const;
  });
  return series(column, [[0, 0], ...later], { index });
}

const each = (value: number, from = 0, to = 10): number[] =>
  Array.from({ length: 10 }, (_, second) => (second >= from && second < to ? value : 0));

function rounded(split: WallSplit): Record<string, number> {
  return Object.fromEntries(Object.entries(split).map(([name, value]) => [name, Number(value.toFixed(6))]));
}

const split = (processes: readonly ProcessEntry[], ...lines: ColumnSeries[]) =>
  rounded(wallSplitOf(RUN, processes, lines));

test('the parts add up to the wall time, the busier explanation first', () => {
  assert.deepEqual(
    split(
      one,
      growing('utimeTicks', each(100, 0, 3)),
      growing('stimeTicks', each(50, 3, 4)),
      growing('runDelayNs', each(1e9, 2, 5)),
      growing('waitDiskMs', each(800, 4, 8)),
    ),
    { wallSeconds: 10, cpuSeconds: 3.5, runnableSeconds: 1.5, diskSeconds: 2.4, otherSeconds: 2.6 },
  );
});

test('several processes at once are no more than the whole of the time', () => {
  const two = [processEntry({ index: 0 }), processEntry({ index: 1 })];
  assert.deepEqual(
    split(
      two,
      growing('utimeTicks', each(70)),
      growing('utimeTicks', each(60, 0, 5), 1),
      growing('runDelayNs', each(2e9)),
    ),
    { wallSeconds: 10, cpuSeconds: 8.5, runnableSeconds: 1.5, otherSeconds: 0 },
  );
});

test('what was not measured is absent, and said', () => {
  const cpuAlone = wallSplitOf(RUN, one, [growing('utimeTicks', each(20))]);
  assert.deepEqual(rounded(cpuAlone), { wallSeconds: 10, cpuSeconds: 2, otherSeconds: 8 });
  assert.equal(wallPartsNotMeasured(cpuAlone).length, 2);
  assert.match(wallParts(cpuAlone).at(-1)?.meaning ?? '', /also for a CPU and storage$/);
  const nothing = wallSplitOf(RUN, one, []);
  assert.deepEqual(nothing, { wallSeconds: 10 });
  assert.deepEqual(wallParts(nothing), []);
  assert.match(wallPartsNotMeasured(nothing)[0] ?? '', /cannot be split/);
});

test('a delay counter that stays at zero measures nothing, one that moves does', () => {
  const cpu = growing('utimeTicks', each(50));
  assert.equal(split(one, cpu, growing('blockIoDelayTicks', each(0))).diskSeconds, undefined);
  assert.equal(split(one, cpu, growing('blockIoDelayTicks', each(10))).diskSeconds, 1);
  assert.equal(split(one, cpu, growing('threadUninterruptibleMs', each(0))).diskSeconds, 0);
});

test('of three ways to see one wait the largest counts', () => {
  const seen = [growing('blockIoDelayTicks', each(30)), growing('waitDiskMs', each(200))];
  assert.equal(split(one, growing('utimeTicks', each(0)), ...seen).diskSeconds, 3);
});

test('what a process used before its first sample counts, what it used before the run does not', () => {
  const late = (startMs: number) =>
    split(
      [processEntry({ startMs })],
      series('utimeTicks', [
        [2000, 200],
        [4000, 300],
      ]),
    ).cpuSeconds;
  assert.equal(late(0), 3);
  assert.equal(late(-60_000), 1);
});

test('the agent is not a part of the run', () => {
  const agent = [processEntry({ role: 'agent' })];
  assert.deepEqual(split(agent, growing('utimeTicks', each(50))), { wallSeconds: 10 });
});

test('a long run is read at the resolution of its stretches', () => {
  const store = new FakeStore();
  const totals = totalsOf({ wallSeconds: 86_400_000 });
  store.put(run(1, { intervalMs: 1000, members: [member({ totals })] }), { processes: one });
  assert.equal(readWallSplit(store, store.runs()[0] ?? assert.fail()).wallSeconds, 86_400);
  assert.deepEqual(store.requests, [{ columns: wallSplitColumns, resolutionMs: 43_200, meansOnly: true }]);
});
