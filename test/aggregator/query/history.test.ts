import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviations } from '../../../aggregator/query/deviation.ts';
import { earlierMeasures, historyOf } from '../../../aggregator/query/history.ts';
import { quantile, spread } from '../../../aggregator/query/statistics/quantile.ts';
import { FakeStore, member, openMember, run, START_MS, stateOf, totalsOf } from '../fake-store.ts';

const lasting = (number: number) =>
  run(number, { members: [member({ totals: totalsOf({ wallSeconds: number * 1000 }) })] });
const wall = (found: readonly { wallSeconds?: number }[]) => found.map((one) => one.wallSeconds);

test('the history of a run are the good runs of its workload before it, newest first', () => {
  const store = new FakeStore(...[1, 2, 4, 5, 6].map(lasting), run(3, { members: [openMember()] }), {
    ...lasting(9),
    workload: { kind: 'Local', name: 'eval' },
  });
  assert.deepEqual(wall(earlierMeasures(store, lasting(5), stateOf)), [4, 2, 1]);
  assert.deepEqual(wall(earlierMeasures(store, lasting(5), stateOf, new Set([lasting(2).id]))), [4, 1]);
});

test('failed runs and runs on another type of host are no measure of what is usual', () => {
  const host = {
    hostname: 'x',
    platform: 'linux',
    architecture: 'x64',
    kernel: '6',
    cores: 8,
    memoryBytes: 2 ** 34,
  };
  const on = (cpuModel: string, number: number) => ({ ...lasting(number), host: { ...host, cpuModel } });
  const outcome = { endedAtMs: START_MS, exitCode: 1, reason: 'exited' as const };
  const failed = on('Fast', 3);
  const store = new FakeStore(on('Fast', 1), on('Slow', 2), {
    ...failed,
    members: failed.members.map((one) => ({ ...one, outcome })),
  });
  assert.deepEqual(wall(earlierMeasures(store, on('Fast', 4), stateOf)), [1]);
  assert.deepEqual(wall(earlierMeasures(store, on('Slow', 4), stateOf)), [2]);
  assert.deepEqual(wall(earlierMeasures(store, lasting(4), stateOf)), []);
});

test('a history goes back 20 runs and no further', () => {
  const store = new FakeStore(...Array.from({ length: 40 }, (_, i) => lasting(i + 1)));
  const found = wall(earlierMeasures(store, lasting(40), stateOf));
  assert.equal(found.length, 20);
  assert.deepEqual([found[0], found[19]], [39, 20]);
});

test('runs without a measure do not count in its history', () => {
  assert.deepEqual(historyOf([{ wallSeconds: 4 }, {}, { wallSeconds: 2 }], 'wallSeconds'), {
    runs: 2,
    median: 3,
    spread: 0.5,
  });
  assert.equal(historyOf([{}], 'wallSeconds'), undefined);
});

test('a deviation is told for each measure of which less is better and that has a history', () => {
  const run = { wallSeconds: 6, oomKills: 1, readBytes: 5, samples: 70 };
  const earlier = [{ wallSeconds: 4, oomKills: 0, samples: 7 }];
  assert.deepEqual(deviations(run, earlier), [
    { measure: 'wallSeconds', value: 6, history: { runs: 1, median: 4, spread: 0 }, ratio: 1.5 },
    { measure: 'oomKills', value: 1, history: { runs: 1, median: 0, spread: 0 } },
  ]);
});

test('quantiles lie on a straight line between the nearest values, whatever their order', () => {
  assert.equal(quantile([3, 1, 2], 0.5), 2);
  assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
  assert.equal(quantile([10, 0], 0.25), 2.5);
  assert.equal(quantile([7], 0.9), 7);
  assert.equal(spread([1, 2, 3, 4, 5]), 1);
});
