import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Buckets,
  bucketWidthMs,
  downsampleCounter,
  downsampleGauge,
} from '../../../aggregator/query/downsample.ts';

const at = (...numbers: number[]): Float64Array => Float64Array.from(numbers);
const four: Buckets = { fromMs: 0, toMs: 40, count: 4 };

test('the mean of a level is weighted by the time that it stood in its bucket', () => {
  const points = downsampleGauge({ times: at(0, 8, 20), values: at(100, 50, 7) }, four);
  assert.deepEqual(points.min, [50, null, 7, null]);
  assert.deepEqual(points.max, [100, null, 7, null]);
  assert.deepEqual(points.mean, [90, null, 7, null]);
});

test('a sample at the very end belongs to the last bucket, and one outside to none', () => {
  const points = downsampleGauge({ times: at(-1, 40, 41), values: at(9, 3, 9) }, four);
  assert.deepEqual(points.max, [null, null, null, 3]);
  assert.deepEqual(points.mean, [null, null, null, 3]);
});

test('a rate is spread over the buckets between its two samples', () => {
  const points = downsampleCounter({ times: at(0, 20, 30), values: at(0, 20, 50) }, four);
  assert.deepEqual(points.mean, [1000, 1000, 3000, null]);
  assert.deepEqual(points.min, points.mean);
  assert.deepEqual(points.max, points.mean);
});

test('a bucket that reaches beyond the samples has its growth over its whole width, and a least rate of zero', () => {
  const points = downsampleCounter({ times: at(15, 20), values: at(0, 5) }, four);
  assert.deepEqual(points.mean, [null, 500, null, null]);
  assert.deepEqual(points.min, [null, 0, null, null]);
  assert.deepEqual(points.max, [null, 1000, null, null]);
});

test('a short burst stays visible as the greatest rate of its bucket', () => {
  const points = downsampleCounter({ times: at(0, 4, 5, 10), values: at(0, 0, 9, 9) }, four);
  assert.equal(points.max[0], 9000);
  assert.equal(points.mean[0], 900);
});

test('a rate is cut where the asked stretch begins and ends', () => {
  const points = downsampleCounter({ times: at(-20, 60), values: at(0, 80) }, four);
  assert.deepEqual(points.mean, [1000, 1000, 1000, 1000]);
});

const samples = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 1_000_000 })), {
    minLength: 2,
    maxLength: 200,
  })
  .map((steps) => {
    let time = 0;
    let total = 0;
    const rows = steps.map(([wait, growth]) => {
      time += wait;
      total += growth;
      return { time, level: growth, total };
    });
    return {
      times: Float64Array.from(rows, (row) => row.time),
      levels: Float64Array.from(rows, (row) => row.level),
      totals: Float64Array.from(rows, (row) => row.total),
    };
  });

/** Buckets that hold all the samples. */
function bucketsOver(times: Float64Array, count: number): Buckets {
  return { fromMs: 0, toMs: times.at(-1) ?? 0, count };
}

const present = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
const counts = fc.integer({ min: 1, max: 300 });

function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= Math.abs(expected) * 1e-9 + 1e-9, `${actual} is not ${expected}`);
}

test('no level is lost: the least and greatest over the buckets are those of the samples', () => {
  fc.assert(
    fc.property(samples, counts, ({ times, levels }, count) => {
      const points = downsampleGauge({ times, values: levels }, bucketsOver(times, count));
      assert.equal(Math.max(...present(points.max)), Math.max(...levels));
      assert.equal(Math.min(...present(points.min)), Math.min(...levels));
    }),
  );
});

test('no peak of a rate is lost, however wide the buckets', () => {
  fc.assert(
    fc.property(samples, counts, ({ times, totals }, count) => {
      const points = downsampleCounter({ times, values: totals }, bucketsOver(times, count));
      const rates = [...times.keys()]
        .slice(1)
        .map((i) => ((totals[i] ?? 0) - (totals[i - 1] ?? 0)) / ((times[i] ?? 0) - (times[i - 1] ?? 0)));
      assertNear(Math.max(...present(points.max)), 1000 * Math.max(...rates));
    }),
  );
});

test('the mean rates times the width of the buckets add up to the growth', () => {
  fc.assert(
    fc.property(samples, counts, ({ times, totals }, count) => {
      const buckets = bucketsOver(times, count);
      const points = downsampleCounter({ times, values: totals }, buckets);
      const sum = present(points.mean).reduce(
        (total, rate) => total + (rate * bucketWidthMs(buckets)) / 1000,
        0,
      );
      assertNear(sum, (totals.at(-1) ?? 0) - (totals[0] ?? 0));
    }),
  );
});

test('a mean lies between the least and the greatest', () => {
  fc.assert(
    fc.property(samples, counts, fc.boolean(), ({ times, levels, totals }, count, gauge) => {
      const buckets = bucketsOver(times, count);
      const points = gauge
        ? downsampleGauge({ times, values: levels }, buckets)
        : downsampleCounter({ times, values: totals }, buckets);
      for (const [i, mean] of points.mean.entries()) {
        const [min, max] = [points.min[i] ?? null, points.max[i] ?? null];
        assert.deepEqual([min === null, max === null], [mean === null, mean === null]);
        if (mean === null || min === null || max === null) continue;
        const slack = 1e-9 * (1 + Math.abs(max));
        assert.ok(mean >= min - slack && mean <= max + slack, `${min} ${mean} ${max}`);
      }
    }),
  );
});
