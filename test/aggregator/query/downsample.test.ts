import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Buckets,
  bucketWidthMs,
  downsampleCounter,
  downsampleGauge,
  meanRates,
} from '../../../aggregator/query/downsample.ts';

const at = (...numbers: number[]): Float64Array => Float64Array.from(numbers);
const four: Buckets = { fromMs: 0, toMs: 40, count: 4 };

/** With null where nothing is known. */
const told = (values: Float64Array): (number | null)[] =>
  [...values].map((value) => (Number.isNaN(value) ? null : value));

test('the mean of a level is weighted by the time that it stood in its bucket', () => {
  const points = downsampleGauge({ times: at(0, 8, 20), values: at(100, 50, 7) }, four);
  assert.deepEqual(told(points.min), [50, null, 7, null]);
  assert.deepEqual(told(points.max), [100, null, 7, null]);
  assert.deepEqual(told(points.mean), [90, null, 7, null]);
});

test('a sample at the very end belongs to the last bucket, and one outside to none', () => {
  const points = downsampleGauge({ times: at(-1, 40, 41), values: at(9, 3, 9) }, four);
  assert.deepEqual(told(points.max), [null, null, null, 3]);
  assert.deepEqual(told(points.mean), [null, null, null, 3]);
});

test('a rate is spread over the buckets between its two samples', () => {
  const points = downsampleCounter({ times: at(0, 20, 30), values: at(0, 20, 50) }, four);
  assert.deepEqual(told(points.mean), [1000, 1000, 3000, null]);
  assert.deepEqual(points.min, points.mean);
  assert.deepEqual(points.max, points.mean);
});

test('a bucket that reaches beyond the samples has its growth over its whole width, and a least rate of zero', () => {
  const points = downsampleCounter({ times: at(15, 20), values: at(0, 5) }, four);
  assert.deepEqual(told(points.mean), [null, 500, null, null]);
  assert.deepEqual(told(points.min), [null, 0, null, null]);
  assert.deepEqual(told(points.max), [null, 1000, null, null]);
});

test('a short burst stays visible as the greatest rate of its bucket', () => {
  const points = downsampleCounter({ times: at(0, 4, 5, 10), values: at(0, 0, 9, 9) }, four);
  assert.equal(points.max[0], 9000);
  assert.equal(points.mean[0], 900);
});

test('a rate is cut where the asked stretch begins and ends', () => {
  const points = downsampleCounter({ times: at(-20, 60), values: at(0, 80) }, four);
  assert.deepEqual(told(points.mean), [1000, 1000, 1000, 1000]);
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

const present = (values: Float64Array): number[] => [...values].filter((value) => !Number.isNaN(value));
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
      const [mins, maxs] = [told(points.min), told(points.max)];
      for (const [i, mean] of told(points.mean).entries()) {
        const [min = null, max = null] = [mins[i], maxs[i]];
        assert.deepEqual([min === null, max === null], [mean === null, mean === null]);
        if (mean === null || min === null || max === null) continue;
        const slack = 1e-9 * (1 + Math.abs(max));
        assert.ok(mean >= min - slack && mean <= max + slack, `${min} ${mean} ${max}`);
      }
    }),
  );
});

test('mean rates by themselves are those that come with the least and the greatest', () => {
  const shift = fc.integer({ min: -2000, max: 2000 });
  fc.assert(
    fc.property(samples, counts, shift, shift, ({ times, totals }, count, begin, end) => {
      const fromMs = begin;
      const toMs = Math.max(begin + 1, (times.at(-1) ?? 0) + end);
      const { mean } = downsampleCounter({ times, values: totals }, { fromMs, toMs, count });
      const alone = meanRates({ times, values: totals }, { fromMs, toMs, count });
      const slack = 1e-9 * (1 + Math.max(0, ...present(mean)));
      for (const [i, rate] of told(alone).entries()) {
        const known = told(mean)[i] ?? null;
        // A bucket that touches the samples at its edge alone may be told either way.
        if (rate !== null && known !== null)
          assert.ok(Math.abs(rate - known) <= slack, `${rate} is not ${known}`);
        else assert.ok((rate ?? 0) <= slack && (known ?? 0) <= slack, `${rate} is not ${known}`);
      }
    }),
  );
});

test('of a single sample no rate is known', () => {
  assert.deepEqual(told(meanRates({ times: at(5), values: at(7) }, four)), [null, null, null, null]);
});
