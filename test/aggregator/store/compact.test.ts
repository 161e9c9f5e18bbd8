import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Store } from '../../../aggregator/store/model.ts';
import type { Batch, Block } from '../../../protocol/batch.ts';
import { batchOf, bytesOf, declarationOf, SEAL_BYTES } from './sample-batches.ts';
import { scratchFolder, scratchStore, storedParts, withDatabases } from './scratch.ts';

async function append(store: Store, ...batches: Batch[]): Promise<void> {
  await Promise.all(batches.map((batch) => store.append(bytesOf(batch), batch)));
}

function answers(store: Store, run = 'run-1'): unknown {
  const series = store.series(run, { columns: [1, 2, 3] });
  const lines = series.map(({ subject, member, index, column, times, values }) =>
    JSON.stringify([subject, member, index, column, [...times], [...values]]),
  );
  return [lines.sort(), store.directory(run)];
}

/** Values follow from time, column and subject, so that blocks that overlap do not contradict each other. */
const blockOf: fc.Arbitrary<Block> = fc
  .record({
    subject: fc.constantFrom('process', 'container', 'host'),
    index: fc.nat(3),
    columns: fc.uniqueArray(fc.constantFrom(1, 2, 3), { minLength: 1 }).map((list) => list.sort()),
    ticks: fc.uniqueArray(fc.nat(3), { minLength: 1 }).map((list) => list.sort()),
  })
  .map((block) => ({
    ...block,
    values: block.columns.map((column) => block.ticks.map((tick) => 1000 * tick + 10 * column - block.index)),
  }));

test('a sealed run answers as it did from the log, whatever was in it', async (t) => {
  const store = await scratchStore(t, undefined, { sealBytes: SEAL_BYTES });
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.array(blockOf, { maxLength: 6 }), fc.array(blockOf, { maxLength: 6 })), {
        minLength: 1,
        maxLength: 12,
      }),
      fc.integer({ min: 1, max: 200_000 }),
      async (members, tickMs) => {
        const run = `run-${++runs}`;
        for (const [sequence, blocks] of members.entries()) {
          for (const [i, own] of blocks.entries()) {
            const agent = runs * 2 + i;
            const first = sequence === 0 ? { declaration: declarationOf() } : {};
            await append(
              store,
              batchOf(sequence, { run, agent, tickMs, offsetMs: i * 700 }, { ...first, blocks: own }),
            );
          }
        }
        const before = answers(store, run);
        await store.seal(run);
        assert.equal(store.run(run)?.sealed, true);
        assert.deepEqual(answers(store, run), before);
      },
    ),
    { numRuns: 40 },
  );
});

test('sealing takes a long log in many parts, merges them, and leaves nothing of the log or of them', async (t) => {
  const folder = scratchFolder(t);
  const store = await scratchStore(t, folder, { sealBytes: SEAL_BYTES });
  await append(store, ...Array.from({ length: 300 }, (_, i) => batchOf(i)));
  const before = answers(store);
  await store.seal('run-1');
  assert.deepEqual(answers(store), before);
  await store.close();
  await withDatabases(folder, ({ tables }) => {
    assert.equal(tables.log.getKeysCount() + tables.sweeps.getKeysCount(), 0);
    const { parts = [] } = tables.runs.get('run-1')?.seal ?? {};
    assert.equal(parts.length, 1);
    assert.ok(Number(parts[0]) > 8);
    assert.deepEqual(storedParts(tables), parts);
  });
});

test('sealing again changes nothing', async (t) => {
  const folder = scratchFolder(t);
  const sealed = async (batches: Batch[]) => {
    const store = await scratchStore(t, folder);
    await append(store, ...batches);
    await store.seal('run-1');
    await store.close();
    return withDatabases(folder, ({ tables }) => tables.runs.get('run-1'));
  };
  const stored = await sealed([batchOf(0), batchOf(1)]);
  assert.deepEqual(await sealed([]), stored);
});

test('batches that come after sealing are answered with the rest, and sealed next time', async (t) => {
  const store = await scratchStore(t);
  await append(store, batchOf(0), batchOf(1));
  await store.seal('run-1');
  await append(store, batchOf(2), batchOf(0, { agent: 2 }));
  assert.equal(store.run('run-1')?.sealed, false);
  const before = answers(store);
  assert.equal(store.series('run-1', { columns: [1] })[0]?.times.length, 12);
  await store.seal('run-1');
  assert.equal(store.run('run-1')?.sealed, true);
  assert.deepEqual(answers(store), before);
});

test('a run that goes on is not sealed', async (t) => {
  const store = await scratchStore(t, undefined, { clock: { wallMs: () => 5 } });
  await append(store, batchOf(0));
  await assert.rejects(store.seal('run-1'), { code: 'PODO_RUN_RUNNING' });
  const outcome = { endedAtMs: 9, reason: 'unknown' } as const;
  await append(store, batchOf(1, {}, { outcome }));
  await store.seal('run-1');
  await assert.rejects(store.seal('run-2'), { code: 'PODO_RUN_NOT_FOUND' });
});
