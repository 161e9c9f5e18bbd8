import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rounded } from '../../../aggregator/query/unit-value.ts';

test('a rounded number has eight significant digits or more', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const missed = Math.abs(rounded(value) - value);
      assert.ok(missed <= Math.abs(value) * 0.5e-7, `${value} became ${rounded(value)}`);
    }),
  );
});

test('a whole number stays as it is, and so does what is short', () => {
  for (const value of [0, 0.57, -12.25, 4095, 734_003_200, 2 ** 53 - 1, 1e-200, 0.001]) {
    assert.equal(rounded(value), value);
  }
});

test('a number of many digits becomes a short one', () => {
  assert.equal(String(rounded(7 / 9)), '0.7777777778');
  assert.equal(String(rounded(70_000 / 9)), '7777.7778');
  assert.equal(String(rounded(-7 / 9)), '-0.7777777778');
});
