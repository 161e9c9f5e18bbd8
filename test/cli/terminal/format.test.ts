import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, bytes, change, count, duration, inUnit, shown, signed } from '../../../cli/terminal/format.ts';

test('numbers are written with plain spaces and ASCII signs', () => {
  const texts = [
    bytes(1.5 * 2 ** 20),
    duration(123),
    change(0.5),
    signed(-2, duration),
    count(12345),
    duration(0.34),
  ];
  assert.deepEqual(texts, ['1.50 MiB', '2 min 03 s', '-50.0 %', '-2.00 s', '12,345', '340 ms']);
});

test('a value is written in the unit of its measure', () => {
  assert.deepEqual(
    ['s', 'By', '1'].map((unit) => inUnit(unit)(2048)),
    ['34 min 08 s', '2.00 KiB', '2,048'],
  );
});

test('a missing value is a hyphen', () => {
  assert.equal(shown(undefined, bytes), '-');
});

test('a moment is told by how long it is past', () => {
  const texts = [0, 9, 10, 59, 60, 3599, 3600, 86_399, 86_400 * 40].map((seconds) => ago(0, seconds * 1000));
  assert.deepEqual(texts, [
    'just now',
    'just now',
    '10 s ago',
    '59 s ago',
    '1 min ago',
    '59 min ago',
    '1 h ago',
    '23 h ago',
    '40 d ago',
  ]);
});

test('a moment ahead of the clock is now', () => {
  assert.equal(ago(5000, 0), 'just now');
});
