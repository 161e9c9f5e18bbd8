import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeColumn, encodeColumn } from '../../../protocol/codec/column.ts';
import { ByteReader, ByteWriter } from '../../../protocol/codec/varint.ts';

function encode(values: readonly number[]): Uint8Array {
  const writer = new ByteWriter();
  encodeColumn(values, writer);
  return writer.view();
}

function decode(bytes: Uint8Array, rows: number): number[] {
  const reader = new ByteReader(bytes);
  const into = new Float64Array(rows);
  decodeColumn(reader, into);
  reader.end('the column');
  return [...into];
}

const anyColumn = fc.array(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: 0, max: 3 })), { minLength: 1 });

test('any safe integers come back as they were', () => {
  fc.assert(
    fc.property(anyColumn, (values) => {
      assert.deepEqual(
        decode(encode(values), values.length),
        values.map((value) => value + 0),
      );
    }),
  );
});

test('values too far apart for an exact distance come back too', () => {
  const values = [Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 1, Number.MAX_SAFE_INTEGER - 2];
  assert.deepEqual(decode(encode(values), 4), values);
});

test('a column that never changes costs the same however long it is', () => {
  assert.equal(encode(Array(1000).fill(4096)).length, encode([4096]).length);
});

test('a counter that grows evenly costs next to nothing', () => {
  assert.ok(encode(Array.from({ length: 1000 }, (_, i) => i * 7)).length < 10);
});

test('a counter that stands still most of the time is short', () => {
  const values = Array.from({ length: 1000 }, (_, i) => Math.floor(i / 250));
  assert.ok(encode(values).length < 20);
});

test('a run of zeros that passes the rows is refused', () => {
  const writer = new ByteWriter();
  writer.byte(1);
  writer.zigzag(5);
  writer.byte(0);
  writer.varint(1_000_000_000);
  assert.throws(() => decode(writer.view(), 10), { code: 'PODO_BATCH_MALFORMED', message: /passes the 9/ });
});

test('an unknown kind of column is refused', () => {
  assert.throws(() => decode(Uint8Array.of(9, 0), 1), { code: 'PODO_BATCH_MALFORMED', message: /kind 9/ });
});

test('steps that lead above 2^53 are refused', () => {
  const writer = new ByteWriter();
  writer.byte(1);
  writer.zigzag(Number.MAX_SAFE_INTEGER);
  writer.zigzag(1);
  assert.throws(() => decode(writer.view(), 2), { code: 'PODO_BATCH_MALFORMED' });
});

test('a column of pages takes fewer bytes than one of the same steps in bytes', () => {
  const pages = [3000, 3001, 3700, 3650, 9000];
  assert.ok(encode(pages.map((page) => page * 4096)).length <= encode(pages).length + 2);
  assert.ok(encode(pages.map((page) => page * 4096 + 1)).length > encode(pages).length + 4);
});
