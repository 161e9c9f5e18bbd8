import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bytes,
  change,
  cores,
  count,
  duration,
  elapsed,
  listed,
  percent,
  said,
  shown,
  signed,
  terse,
} from '../../../aggregator/page/format.ts';

/** Formats keep a number and its unit on one line; tests are easier to read with plain spaces. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test('bytes carry a binary unit and three significant digits', () => {
  const texts = [0, 999, 1000, 1024, 1536, 123 * 2 ** 20, 5 * 2 ** 40].map((value) => plain(bytes(value)));
  assert.deepEqual(texts, ['0 B', '999 B', '0.98 KiB', '1.00 KiB', '1.50 KiB', '123 MiB', '5.00 TiB']);
});

test('a duration grows its units with its length, and rounding never gives 60 seconds', () => {
  const seconds = [0, 0.0123, 0.34, 1, 59.94, 59.96, 119.6, 3599.7, 3600, 90_000];
  assert.deepEqual(
    seconds.map((value) => plain(duration(value))),
    [
      '0 s',
      '12.3 ms',
      '340 ms',
      '1.00 s',
      '59.9 s',
      '1 min 00 s',
      '2 min 00 s',
      '1 h 00 min',
      '1 h 00 min',
      '1 d 01 h',
    ],
  );
});

test('elapsed time reads like a clock from one minute on', () => {
  const texts = [0, 0.25, 59, 60, 605, 3723].map((value) => plain(elapsed(value)));
  assert.deepEqual(texts, ['0 s', '0.25 s', '59 s', '1:00', '10:05', '1:02:03']);
});

test('a change is a percentage, and a factor from a doubling on', () => {
  const texts = [1, 1.125, 0.969, 2, 4.2].map((ratio) => plain(change(ratio)));
  assert.deepEqual(texts, ['±0 %', '+12.5 %', '−3.10 %', '×2.00', '×4.20']);
});

test('a difference carries its sign and a true minus', () => {
  assert.equal(plain(signed(-1.5, duration)), '−1.50 s');
  assert.equal(plain(signed(2048, bytes)), '+2.00 KiB');
  assert.equal(signed(0, bytes), '0');
});

test('an absent value is a dash, and zero is not absent', () => {
  assert.equal(shown(undefined, count), '–');
  assert.equal(shown(null, count), '–');
  assert.equal(shown(0, count), '0');
});

test('the labels of an axis lose the zeros of their fraction and nothing else', () => {
  const texts = ['2.00 GiB', '1.50 GiB', '100 %', '0.05', '10'].map(terse);
  assert.deepEqual(texts, ['2 GiB', '1.5 GiB', '100 %', '0.05', '10']);
});

test('small numbers keep two digits that count', () => {
  assert.deepEqual(
    [cores(0.0123), cores(0.0001), cores(1.234), count(1234567)],
    ['0.012', '0', '1.23', '1,234,567'],
  );
  assert.equal(plain(percent(0.0042)), '0.42 %');
});

test('of what is not known, no words are said', () => {
  assert.equal(
    listed(
      said(3, (n) => `${n} read`),
      said(undefined, String),
      said(0, (n) => `${n} missed`),
    ),
    '3 read, 0 missed',
  );
  assert.equal(listed(said(undefined, String), said(null, String)), undefined);
});
