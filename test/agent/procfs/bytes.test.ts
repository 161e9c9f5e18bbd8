import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  ascii,
  integerAt,
  keyedIntegers,
  nextField,
  thousandsAt,
  valueOffset,
} from '../../../agent/procfs/bytes.ts';

test('any safe integer is read from its digits', () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (value) => integerAt(ascii(`  ${value} x`), 0) === value + 0));
});

test('a number above 2^53 is absent, for it would lose digits', () => {
  assert.equal(integerAt(ascii('9007199254740991'), 0), Number.MAX_SAFE_INTEGER);
  assert.equal(integerAt(ascii('9007199254740993'), 0), Number.NaN);
  assert.equal(integerAt(ascii('18446744073709551615'), 0), Number.NaN);
});

test('what is no number is absent', () => {
  for (const text of ['max', '', '   ', '-', 'x1']) assert.equal(integerAt(ascii(text), 0), Number.NaN);
});

test('fields are found over any number of blanks', () => {
  const line = ascii('a  bb c');
  assert.equal(nextField(line, 0), 3);
  assert.equal(nextField(line, 3), 6);
  assert.equal(nextField(line, 6), line.length);
});

test('values are found by name whatever the order of the lines, and a missing line is absent', () => {
  const into = new Float64Array(3);
  keyedIntegers(ascii('c: 3\nother: 9\na: 1\n'), [ascii('a:'), ascii('b:'), ascii('c:')], into);
  assert.deepEqual([...into], [1, Number.NaN, 3]);
});

test('a name is not taken for a longer one that begins with it', () => {
  const into = new Float64Array(1);
  keyedIntegers(ascii('oom_kill_disable 1\noom_kill 2\n'), [ascii('oom_kill ')], into);
  assert.deepEqual([...into], [2]);
});

test('thousands are exact however large the number', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 1000n * 2n ** 53n - 1n }), (value) => {
      assert.equal(thousandsAt(ascii(` ${value}\n`), 0), Number(value / 1000n));
    }),
  );
  assert.equal(thousandsAt(ascii('max'), 0), Number.NaN);
});

test('a value ends where it is said to end', () => {
  assert.equal(integerAt(ascii('1234'), 0, 2), 12);
});

test('the place of a named value is found, and that of one that is not there is the end', () => {
  const bytes = ascii('cpu 1\nbtime 17\n');
  assert.equal(integerAt(bytes, valueOffset(bytes, ascii('btime '))), 17);
  assert.equal(valueOffset(bytes, ascii('other ')), bytes.length);
});
