import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OpenProbe } from '../../agent/probe-set.ts';
import { Recorder } from '../../agent/recorder.ts';
import { Schedule, type TargetState } from '../../agent/schedule.ts';
import { MeasureFeed, RunTotals } from '../../agent/totals.ts';

interface Target {
  readonly name: string;
  readonly openedMs: number;
  readonly costMs: number;
  readonly state?: TargetState;
  readonly isAgent?: true;
}

const SECONDS = 200;

/** At which second what is rare was read of each, at a tick a second. */
function secondsOf(targets: readonly Target[], seconds = SECONDS): Record<string, number[]> {
  let nowMs = 0;
  const schedule = new Schedule({ monotonicMs: () => nowMs, wallMs: () => 0 }, 1000);
  const recorder = new Recorder({ agent: 'a'.repeat(32), run: 'run', epochMs: 0 });
  const open = targets.map(({ openedMs, isAgent }, i): OpenProbe => {
    const sample = () => 'read' as const;
    return {
      probe: { columns: [27], cadence: 'rare', sample, close: () => {} },
      rows: recorder.openRows('process', i, [27]),
      feed: isAgent ? undefined : new MeasureFeed(new RunTotals(0), [27], true),
      openedMs,
      lastMs: Number.NEGATIVE_INFINITY,
      lastCostMs: 0,
      hasRow: false,
    };
  });
  const read = new Map(targets.map(({ name }) => [name, [] as number[]]));
  for (let atMs = 0; atMs < seconds * 1000; atMs += 1000) {
    schedule.beginTick({ atMs });
    targets.forEach(({ name, openedMs, costMs, state = 'awake' }, i) => {
      const one = open[i] as OpenProbe;
      if (openedMs > atMs || !schedule.isDue(one, { atMs }, state)) return;
      schedule.time(one, () => {
        nowMs += costMs;
        return 'read';
      });
      one.lastMs = atMs;
      read.get(name)?.push(atMs / 1000);
    });
  }
  return Object.fromEntries(read);
}

test('what is rare is read of all targets at one tick, soon at first and every minute later', () => {
  const seconds = secondsOf([
    { name: 'asleep', openedMs: 0, costMs: 0.1, state: 'asleep' },
    { name: 'awake', openedMs: 0, costMs: 0.1 },
    { name: 'late', openedMs: 7000, costMs: 0.1, state: 'asleep' },
  ]);
  assert.deepEqual(seconds.asleep, [5, 10, 20, 40, 80, 140]);
  assert.deepEqual(seconds.late, [10, 20, 40, 80, 140]);
  assert.deepEqual(
    seconds.awake,
    Array.from({ length: 39 }, (_, i) => 5 * (i + 1)),
  );
});

test('a round for which the budget does not suffice yet is saved for, and is whole then', () => {
  const targets = Array.from({ length: 20 }, (_, i) => ({ name: `${i}`, openedMs: 0, costMs: 2 }));
  const seconds = secondsOf(targets);
  const readings = Object.values(seconds);
  const rounds = readings[0]?.filter((second) => readings.every((one) => one.includes(second))) ?? [];
  assert.ok(rounds.length >= 2, `${rounds.length} whole rounds`);
  const spentMs = 2 * readings.flat().length;
  assert.ok(spentMs <= 200, `${spentMs} ms of 200 s`);
});

test('no tick is held up by a round that takes long', () => {
  const seconds = secondsOf(
    Array.from({ length: 20 }, (_, i) => ({ name: `${i}`, openedMs: 0, costMs: 30, state: 'asleep' })),
    4000,
  );
  const readings = Object.values(seconds);
  assert.ok(readings.every((one) => one.length > 2));
  const together = Map.groupBy(readings.flat(), (second) => second);
  assert.ok(Math.max(...[...together.values()].map((one) => one.length)) <= 2);
});

test('the agent, however large, takes nothing from a round', () => {
  const seconds = secondsOf([
    { name: 'agent', openedMs: 0, costMs: 5, isAgent: true },
    { name: 'target', openedMs: 0, costMs: 0.2, state: 'asleep' },
  ]);
  assert.deepEqual(seconds.target?.slice(0, 2), [5, 10]);
  assert.equal(seconds.agent?.[0], 6);
});
