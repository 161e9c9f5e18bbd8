import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteReader, ByteWriter } from '../../../protocol/codec/varint.ts';

const safeInteger = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -300, max: 300 }),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 2 ** 31, 2 ** 30, 2 ** 52 + 1, 0),
);

test('any safe integer comes back from a zigzag', () => {
  fc.assert(
    fc.property(fc.array(safeInteger), (values) => {
      const writer = new ByteWriter(1);
      for (const value of values) writer.zigzag(value);
      const reader = new ByteReader(writer.view());
      // -0 is 0.
      assert.deepEqual(
        values.map(() => reader.zigzag('v')),
        values.map((value) => value + 0),
      );
      assert.equal(reader.remaining, 0);
    }),
  );
});

test('any non-negative safe integer comes back from a varint', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeNat()), (values) => {
      const writer = new ByteWriter(1);
      for (const value of values) writer.varint(value);
      const reader = new ByteReader(writer.view());
      assert.deepEqual(
        values.map(() => reader.varint('v')),
        values,
      );
    }),
  );
});

test('small numbers take one byte', () => {
  const writer = new ByteWriter();
  writer.varint(127);
  writer.zigzag(-64);
  writer.zigzag(63);
  assert.equal(writer.length, 3);
});

test('a number above 2^53 is refused', () => {
  const bytes = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f);
  assert.throws(() => new ByteReader(bytes).varint('a pid'), {
    code: 'PODO_BATCH_MALFORMED',
    message: /a pid .* above 2\^53/,
  });
  assert.throws(() => new ByteReader(bytes).zigzag('a tick'), { code: 'PODO_BATCH_MALFORMED' });
});

test('a number that never ends is refused', () => {
  const bytes = new Uint8Array(100).fill(0x80);
  assert.throws(() => new ByteReader(bytes).varint('a count'), { code: 'PODO_BATCH_MALFORMED' });
});

test('reading past the end names what was read', () => {
  const reader = new ByteReader(Uint8Array.of(0x80));
  assert.throws(() => reader.varint('a sequence'), {
    code: 'PODO_BATCH_MALFORMED',
    message: /within a sequence/,
  });
});

test('a count cannot ask for more than the bytes that are left', () => {
  const writer = new ByteWriter();
  writer.varint(1_000_000);
  assert.throws(() => new ByteReader(writer.view()).count('the number of ticks'), {
    code: 'PODO_BATCH_MALFORMED',
  });
});
