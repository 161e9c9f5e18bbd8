import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeMeasures } from '../../../aggregator/query/judge-measures.ts';
import type { CompareSettings } from '../../../protocol/comparison.ts';
import type { MeasureValues } from '../../../protocol/measures.ts';
import {
  CRITICAL_U,
  gaussian,
  many,
  noisyRun,
  normals,
  plainSettings as settings,
  skewed,
} from './noisy-runs.ts';

const wallOnly = { ...settings, measures: ['wallSeconds'] };

const walls = (values: readonly number[]): MeasureValues[] => values.map((wallSeconds) => ({ wallSeconds }));
const isNamed = ({ verdict }: { verdict: string }): boolean => verdict === 'more' || verdict === 'less';

for (const [name, noise] of [
  ['normal', gaussian],
  ['skewed', skewed],
] as const) {
  test(`of 1,000 comparisons of like runs with ${name} noise at most 50 name any difference`, () => {
    const next = normals(2026);
    const alarms = many(1000, () => {
      const n = 5 + Math.floor(Math.abs(next()) * 3);
      const side = () => many(n, () => noisyRun(next, noise));
      return judgeMeasures(side(), side(), settings).some(isNamed);
    }).filter(Boolean).length;
    assert.ok(alarms <= 50, `${alarms} of 1000`);
    assert.ok(alarms > 0, 'the level is used');
  });
}

test('of 1,000 new runs like 10 earlier ones at most 50 are named', () => {
  const next = normals(7);
  const alarms = many(1000, () => {
    const earlier = many(10, () => noisyRun(next, gaussian));
    return judgeMeasures(earlier, [noisyRun(next, gaussian)], settings).some(isNamed);
  }).filter(Boolean).length;
  assert.ok(alarms <= 50, `${alarms} of 1000`);
  assert.ok(alarms > 0, 'the level is used');
});

test('a single measure is named at least as often as the published critical values name it', () => {
  const next = normals(11);
  for (const n of [4, 5, 6, 8, 10] as const) {
    let [ours, tables] = [0, 0];
    for (let i = 0; i < 200; i++) {
      const a = many(n, () => 60 + next());
      const b = many(n, () => 61.5 + next());
      const above = a.flatMap((x) => b.filter((y) => y > x)).length;
      if (Math.min(above, n * n - above) <= CRITICAL_U[n]) tables += 1;
      if (judgeMeasures(walls(a), walls(b), wallOnly).some(isNamed)) ours += 1;
    }
    assert.ok(tables > 20);
    assert.equal(ours, tables, `${n} a side`);
  }
});

test("the power is that of Noether's formula", () => {
  // Noether 1987: n = m = 20 and a shift of one deviation, so that b is above a with 0.7602: a power of 0.813.
  const next = normals(5);
  const named = many(500, () => {
    const a = many(20, () => 60 + next());
    const b = many(20, () => 61 + next());
    return judgeMeasures(walls(a), walls(b), wallOnly).some(isNamed);
  }).filter(Boolean).length;
  assert.ok(Math.abs(named / 500 - 0.813) < 0.06, String(named));
});

const verdictOf = (a: readonly number[], b: readonly number[], change: Partial<CompareSettings> = {}) =>
  judgeMeasures(walls(a), walls(b), { ...wallOnly, ...change })[0];

test('3 against 3 are too few, however far apart', () => {
  assert.equal(verdictOf([1, 2, 3], [40, 50, 60])?.verdict, 'tooFew');
  assert.equal(verdictOf([1, 2, 3], [40, 50, 60])?.test?.p.toFixed(2), '0.10');
  assert.equal(verdictOf([1, 2, 3, 4], [40, 50, 60, 70])?.verdict, 'more');
});

test('one run a side has no p and no verdict', () => {
  const one = verdictOf([1], [2]);
  assert.deepEqual(
    [one?.verdict, one?.test, one?.shift, one?.interval],
    ['unknown', undefined, undefined, undefined],
  );
});

test('a difference smaller than what is worth naming is negligible, however certain', () => {
  const a = [100, 100.1, 100.2, 100.3, 100.4, 100.5];
  const b = a.map((value) => value + 2);
  assert.equal(verdictOf(a, b, { effect: 0.03 })?.verdict, 'negligible');
  assert.equal(verdictOf(a, b, { effect: 0.01 })?.verdict, 'more');
  assert.equal(verdictOf(b, a, { effect: 0.01 })?.verdict, 'less');
});

test('figures of the measuring, and what one side lacks, are not judged', () => {
  const [samples, wall] = judgeMeasures(
    [{ samples: 10 }, { samples: 11 }],
    [{ samples: 99, wallSeconds: 4 }],
    settings,
  ).toReversed();
  assert.deepEqual([samples?.verdict, samples?.family], ['unjudged', 'none']);
  assert.deepEqual([wall?.verdict, wall?.b], ['unjudged', 4]);
});

test('more measures ask for more: four a side show one alone, and not five together', () => {
  const run = (at: number): MeasureValues => ({
    wallSeconds: at,
    cpuUserSeconds: 2 * at,
    peakRssBytes: at * 1e9,
    readBytes: at * 1e8,
    writeBytes: at * 1e7,
  });
  const [a, b] = [[10, 11, 12, 13].map(run), [20, 21, 22, 23].map(run)];
  assert.equal(judgeMeasures(a, b, settings)[0]?.verdict, 'tooFew');
  assert.equal(judgeMeasures(a, b, wallOnly)[0]?.verdict, 'more');
  assert.equal(judgeMeasures([...a, run(12.5)], [...b, run(22.5)], settings)[0]?.verdict, 'more');
});

test('an interval leaves out zero where a difference is named and nowhere else', () => {
  const next = normals(41);
  let [named, quiet] = [0, 0];
  for (let i = 0; i < 300; i++) {
    const n = 4 + (i % 7);
    const shifted = () => ({ ...noisyRun(next, gaussian) });
    const slower = () => {
      const run = noisyRun(next, gaussian);
      return { ...run, wallSeconds: (run.wallSeconds ?? 0) * (1 + 0.02 * (i % 5)) };
    };
    for (const { verdict, shift } of judgeMeasures(many(n, shifted), many(n, slower), settings)) {
      const isNamed = verdict === 'more' || verdict === 'less';
      if (shift?.interval === undefined || !(isNamed || verdict === 'noise' || verdict === 'tooFew'))
        continue;
      const leavesOutZero = shift.interval.low > 0 || shift.interval.high < 0;
      assert.equal(leavesOutZero, isNamed, `${i}: ${verdict} ${JSON.stringify(shift)}`);
      if (isNamed) named += 1;
      else quiet += 1;
    }
  }
  assert.ok(named > 50 && quiet > 1000, `${named} named, ${quiet} not`);
});

test('one measure alone is held to 95 %, and the first of several headlines to what the correction leaves of 5 %', () => {
  const walls = [10, 11, 12, 13, 14, 15].map((wallSeconds) => ({
    wallSeconds,
    peakRssBytes: wallSeconds * 2 ** 30,
  }));
  const later = walls.map(({ wallSeconds, peakRssBytes }) => ({
    wallSeconds: wallSeconds + 4,
    peakRssBytes,
  }));
  const confidenceOf = (measures?: string[]): number | undefined =>
    judgeMeasures(walls, later, { ...settings, ...(measures && { measures }) })[0]?.shift?.confidence;
  assert.equal(confidenceOf(['wallSeconds'])?.toFixed(6), '0.950000');
  assert.equal(confidenceOf()?.toFixed(6), '0.975000');
});
