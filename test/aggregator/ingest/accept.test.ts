import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accept } from '../../../aggregator/ingest/accept.ts';
import { agentId, batchOf, bytesOf } from '../store/sample-batches.ts';
import { scratchStore } from '../store/scratch.ts';

test('bytes that decode are appended and acknowledged', async (t) => {
  const store = await scratchStore(t);
  const bytes = bytesOf(batchOf(0));
  assert.deepEqual(await accept(store, bytes), { agent: agentId(1), sequence: 0, duplicate: false });
  assert.deepEqual(await accept(store, bytes), { agent: agentId(1), sequence: 0, duplicate: true });
  assert.equal(store.series('run-1', { columns: [1] })[0]?.times.length, 4);
});

test('bytes that do not decode reach no store', async () => {
  const store = { append: () => Promise.reject(new Error('must not be called')) };
  await assert.rejects(accept(store, Buffer.from('PODB')), { code: 'PODO_BATCH_MALFORMED' });
  const flipped = bytesOf(batchOf(0));
  flipped[40] = Number(flipped[40]) ^ 1;
  await assert.rejects(accept(store, flipped), { code: 'PODO_BATCH_MALFORMED' });
});

test('a run id that could not stand in an address is refused', async (t) => {
  const store = await scratchStore(t);
  for (const run of ['a b', 'a\n', 'é', 'x'.repeat(129)]) {
    await assert.rejects(accept(store, bytesOf(batchOf(0, { run }))), {
      code: 'PODO_BATCH_MALFORMED',
      message: /run id/,
    });
  }
});
