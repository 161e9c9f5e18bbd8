import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { SliceContent } from '../../../protocol/codec/slice.ts';
import { decodeSlice } from '../../../protocol/codec/slice-decode.ts';
import { encodeSlice } from '../../../protocol/codec/slice-encode.ts';

const deflater = {
  deflate: (bytes: Uint8Array) => deflateRawSync(bytes),
  inflate: (bytes: Uint8Array, length: number) => inflateRawSync(bytes, { maxOutputLength: length }),
};

const content: SliceContent = {
  ticks: [[0, 100, 200, 350], [50]],
  blocks: [
    {
      member: 0,
      subject: 'process',
      index: 0,
      columns: [1, 8],
      ticks: [0, 1, 3],
      values: [
        [1, 2, 9],
        [4096, 4096, 8192],
      ],
    },
    { member: 0, subject: 'process', index: 1, columns: [1], ticks: [2], values: [[77]] },
    { member: 1, subject: 'container', index: 0, columns: [64], ticks: [0], values: [[5]] },
  ],
};

const all = () => true;

function decode(bytes: Uint8Array, columns: number[], wanted: Parameters<typeof decodeSlice>[2] = all) {
  return decodeSlice(bytes, columns, wanted, deflater).map((rows) => ({
    ...rows,
    times: [...rows.times],
    values: Array.from(rows.values, (list) => list && [...list]),
  }));
}

test('a column comes back for every subject that has it, with its times', () => {
  assert.deepEqual(decode(encodeSlice(content, deflater), [1]), [
    { member: 0, subject: 'process', index: 0, times: [0, 100, 350], values: [[1, 2, 9]] },
    { member: 0, subject: 'process', index: 1, times: [200], values: [[77]] },
  ]);
});

test('only the wanted subjects come back', () => {
  const found = decode(encodeSlice(content, deflater), [1, 64], (subject) => subject === 'container');
  assert.deepEqual(
    found.map(({ member, values }) => [member, values]),
    [[1, [undefined, [5]]]],
  );
});

test('a column that no block has is simply not there', () => {
  assert.deepEqual(decode(encodeSlice(content, deflater), [99]), []);
});

test('damage to one column costs that column alone', () => {
  const places = Array.from({ length: 300 }, (_, i) => i);
  const restless = places.map((i) => (i * 7919) % 1009);
  const block = { member: 0, subject: 'host' as const, index: 0, columns: [1, 64], ticks: places };
  const long = { ticks: [places], blocks: [{ ...block, values: [restless, restless] }] };
  const bytes = encodeSlice(long, deflater);
  assert.equal(decode(bytes, [64]).length, 1);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  assert.deepEqual(decode(bytes, [64]), []);
  assert.deepEqual(decode(bytes, [1, 64])[0]?.values, [restless, undefined]);
});

test('damage to the directory is told', () => {
  const bytes = encodeSlice(content, deflater);
  bytes[12] = (bytes[12] ?? 0) ^ 0xff;
  assert.throws(() => decode(bytes, [1]), { code: 'PODO_BATCH_MALFORMED' });
});

test('a slice that is cut short is refused', () => {
  const bytes = encodeSlice(content, deflater);
  for (let length = 0; length < bytes.length; length += 7) {
    try {
      decode(bytes.subarray(0, length), [1, 8, 64]);
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'PODO_BATCH_MALFORMED');
    }
  }
});
