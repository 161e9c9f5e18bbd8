import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deflater } from '../../../lib/deflater.ts';
import { decodeBatch as decode } from '../../../protocol/codec/batch-decode.ts';
import { encodeBatch } from '../../../protocol/codec/batch-encode.ts';
import { schemaChecks } from '../../../protocol/codec/batch-json.ts';
import { crc32 } from '../../../protocol/codec/crc32.ts';
import { PodometerError } from '../../../protocol/errors.ts';
import { anyBatch } from './batches.ts';

const decodeBatch = (bytes: Uint8Array) => decode(bytes, schemaChecks, deflater);

const decodeLastRows = (bytes: Uint8Array) => decode(bytes, schemaChecks, deflater, 'last');

function decodesOrRefuses(bytes: Uint8Array): void {
  try {
    decodeBatch(bytes);
  } catch (error) {
    assert.ok(error instanceof PodometerError && error.code.startsWith('PODO_BATCH_'), String(error));
    assert.throws(() => decodeLastRows(bytes), { message: error.message });
    return;
  }
  decodeLastRows(bytes);
}

/** The same bytes with a checksum that fits, so that what stands behind the checksum is reached. */
function resealed(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  if (copy.length >= 4)
    new DataView(copy.buffer).setUint32(copy.length - 4, crc32(copy.subarray(0, -4)), true);
  return copy;
}

function plain(bytes: Uint8Array) {
  const batch = decodeBatch(bytes);
  return { ...batch, blocks: batch.blocks.map((block) => ({ ...block, ticks: Array.from(block.ticks) })) };
}

test('any batch comes back as it was', () => {
  fc.assert(
    fc.property(anyBatch, (batch) => {
      assert.deepEqual(plain(encodeBatch(batch, deflater)), structuredClone(batch));
    }),
    { numRuns: 300 },
  );
});

test('who wants the last rows alone gets those, and all else as it was', () => {
  fc.assert(
    fc.property(anyBatch, (batch) => {
      const blocks = batch.blocks.map((block) => {
        const values = block.values.map((list) => Array.from(list).slice(-1));
        return { ...block, ticks: Array.from(block.ticks).slice(-1), values };
      });
      assert.deepEqual(decodeLastRows(encodeBatch(batch, deflater)), structuredClone({ ...batch, blocks }));
    }),
  );
});

test('a batch that is cut short is refused', () => {
  fc.assert(
    fc.property(anyBatch, fc.nat(), (batch, cut) => {
      const bytes = encodeBatch(batch, deflater);
      assert.throws(() => decodeBatch(bytes.subarray(0, cut % bytes.length)), {
        code: 'PODO_BATCH_MALFORMED',
      });
    }),
  );
});

test('a flipped bit is noticed', () => {
  fc.assert(
    fc.property(anyBatch, fc.nat(), (batch, place) => {
      const bytes = encodeBatch(batch, deflater);
      const bit = place % (bytes.length * 8);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.throws(() => decodeBatch(bytes), PodometerError);
    }),
  );
});

test('damage with a fitting checksum gives a batch or a refusal, never anything else', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(anyBatch, damage, (batch, changes) => {
      const bytes = encodeBatch(batch, deflater);
      for (const [place, value] of changes) bytes[5 + (place % (bytes.length - 5))] = value;
      decodesOrRefuses(resealed(bytes));
    }),
    { numRuns: 2000 },
  );
});

test('random bytes behind a fitting frame give a batch or a refusal', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (noise) => {
      decodesOrRefuses(resealed(Uint8Array.of(0x50, 0x4f, 0x44, 0x42, 1, ...noise, 0, 0, 0, 0)));
    }),
    { numRuns: 2000 },
  );
});

const small = {
  agent: 'ab'.repeat(16),
  sequence: 7,
  run: 'r',
  epochMs: 1,
  containers: [],
  processes: [],
  ticks: [],
  blocks: [],
  ends: [],
  events: [],
  totals: new Map<number, number>(),
};

test('a record of an unknown type is skipped', () => {
  const bytes = encodeBatch(small, deflater);
  const body = bytes.subarray(0, -5);
  const extended = Uint8Array.of(...body, 99, 3, 1, 2, 3, 0, 0, 0, 0, 0);
  assert.equal(decodeBatch(resealed(extended)).sequence, 7);
});

test('a device or volume of an unknown kind is refused', () => {
  const storage = [{ kind: 'device' as const, index: 0, container: undefined, place: '8:0', name: 'sda' }];
  const bytes = encodeBatch({ ...small, storage }, deflater);
  // Its record stands last: type, length, count, kind.
  bytes[bytes.length - 5 - 5] = 9;
  assert.throws(() => decodeBatch(resealed(bytes)), {
    code: 'PODO_BATCH_MALFORMED',
    message: /kind of storage/,
  });
});

test('a newer format is refused by its number', () => {
  const bytes = encodeBatch(small, deflater);
  bytes[4] = 2;
  assert.throws(() => decodeBatch(resealed(bytes)), { code: 'PODO_BATCH_VERSION', message: /version 2/ });
});

test('a batch above the limit is refused before it is looked at', () => {
  assert.throws(() => decodeBatch(new Uint8Array(8 * 1024 * 1024 + 1)), { code: 'PODO_BATCH_TOO_LARGE' });
});

test('a declaration that does not fit its schema is refused with the field', () => {
  const declaration = {
    workload: { kind: 'Local', name: 'x' },
    startedAtMs: 0,
    member: 'h',
    intervalMs: 5,
    metrics: [],
    agentVersion: '1',
  };
  const bytes = encodeBatch({ ...small, declaration: declaration as never }, deflater);
  assert.throws(() => decodeBatch(bytes), { code: 'PODO_BATCH_MALFORMED', message: /intervalMs/ });
});

test('few bytes that stand for too many values are refused before they take memory', () => {
  const rows = 40_000;
  const constant = new Float64Array(rows).fill(1);
  const columns = Array.from({ length: 128 }, (_, i) => i);
  const block = { subject: 'host' as const, index: 0, columns, values: columns.map(() => constant) };
  const ticks = Array.from({ length: rows }, (_, i) => i);
  const bytes = encodeBatch({ ...small, ticks, blocks: [1, 2].map(() => ({ ...block, ticks })) }, deflater);
  assert.ok(bytes.length < 50_000);
  assert.throws(() => decodeBatch(bytes), { code: 'PODO_BATCH_MALFORMED', message: /8388608 values/ });
});

test('blocks that inflate to more than they tell are refused', () => {
  const generous = { ...deflater, deflate: () => deflater.deflate(new Uint8Array(1000)) };
  const block = { subject: 'host' as const, index: 0, columns: [1], ticks: [0], values: [[5]] };
  const columns = Array.from({ length: 60 }, (_, i) => 2 * i);
  const wide = { ...block, columns, values: columns.map(() => [5]) };
  const bytes = encodeBatch({ ...small, ticks: [1], blocks: [wide] }, generous);
  assert.throws(() => decodeBatch(bytes), { code: 'PODO_BATCH_MALFORMED', message: /damaged/ });
});
