import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changePoints } from '../../../../aggregator/query/statistics/change-points.ts';
import { seededRandom } from '../../../../aggregator/query/statistics/seeded-random.ts';

const options = { penalty: 15, shortest: 3 };

function noisy(levels: readonly (readonly [length: number, level: number])[], seed: number): Float64Array {
  const random = seededRandom(seed);
  // The sum of 12 numbers in [0, 1) has the variance 1.
  const noise = () => Array.from({ length: 12 }, random).reduce((sum, one) => sum + one, -6);
  return Float64Array.from(
    levels.flatMap(([length, level]) => Array.from({ length }, () => level + noise())),
  );
}

test('a step is found where it is', () => {
  assert.deepEqual(changePoints([Float64Array.of(0, 0, 0, 0, 9, 9, 9, 9)], options), [4]);
});

test('steps in noise are found to within a point, and noise alone is cut at most once in 20 series', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const cuts = changePoints(
      [
        noisy(
          [
            [40, 0],
            [30, 6],
            [50, 2],
          ],
          seed,
        ),
      ],
      options,
    );
    assert.equal(cuts.length, 2);
    assert.ok(Math.abs((cuts[0] as number) - 40) <= 1 && Math.abs((cuts[1] as number) - 70) <= 1);
  }
  const cut = Array.from({ length: 20 }, (_, seed) => changePoints([noisy([[150, 0]], seed)], options));
  assert.ok(cut.filter((cuts) => cuts.length > 0).length <= 1);
});

test('a change in any dimension counts', () => {
  const still = new Float64Array(20).fill(1);
  const step = Float64Array.from({ length: 20 }, (_, i) => (i < 8 ? 0 : 12));
  assert.deepEqual(changePoints([still, step], options), [8]);
});

test('no piece is shorter than asked, and too few points are one piece', () => {
  assert.deepEqual(
    changePoints([Float64Array.of(0, 0, 0, 0, 50, 0, 0, 0, 0)], { penalty: 1, shortest: 4 }),
    [4],
  );
  assert.deepEqual(changePoints([Float64Array.of(0, 90)], options), []);
  assert.deepEqual(changePoints([], options), []);
});
