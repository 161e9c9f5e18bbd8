/** Sealing and merging, killed after each of its writes and at random moments between them. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { endOrKill, killEverywhere, type Try } from './kill-everywhere.ts';
import { batchOf, bytesOf, SEAL_BYTES } from './sample-batches.ts';
import { Program, scratchFolder, scratchStore, storedParts, withDatabases } from './scratch.ts';

async function answersOf(t: TestContext, folder: string, seal: boolean): Promise<unknown[]> {
  const store = await scratchStore(t, folder, { sealBytes: SEAL_BYTES });
  if (seal) await store.seal('run-1');
  const series = store
    .series('run-1', { columns: [1, 2] })
    .map(({ times, values }) => [[...times], [...values]]);
  const answers = [series, store.directory('run-1'), seal && store.run('run-1')?.sealed];
  await store.close();
  return answers;
}

test('a run reads the same wherever its sealing is killed, and is sealed by the next try', async (t) => {
  const folder = scratchFolder(t);
  const original = join(folder, 'original');
  const store = await scratchStore(t, original);
  const sequences = Array.from({ length: 150 }, (_, i) => i);
  await Promise.all(
    sequences.flatMap((sequence) =>
      [1, 2].map((agent) => {
        const events = [{ atMs: sequence, kind: 'gap' as const, message: `of ${agent}` }];
        const batch = batchOf(sequence, { agent, tickMs: 9000 }, { events });
        return store.append(bytesOf(batch), batch);
      }),
    ),
  );
  await store.close();
  const unsealed = await answersOf(t, original, false);
  const sealed = [...unsealed.slice(0, 2), true];

  const tryWith: Try = async (name, writes, killAfterMs) => {
    const copy = join(folder, name);
    mkdirSync(copy);
    cpSync(join(original, 'data.mdb'), join(copy, 'data.mdb'));
    const program = new Program('seal-and-die', [copy, 'run-1', writes]);
    const hasEnded = await endOrKill(program, killAfterMs);
    assert.deepEqual(await answersOf(t, copy, false), unsealed, `${name}: as killed`);
    assert.deepEqual(await answersOf(t, copy, true), sealed, `${name}: sealed again`);
    await withDatabases(copy, ({ tables }) => {
      assert.equal(tables.log.getKeysCount() + tables.sweeps.getKeysCount(), 0);
      const { parts = [] } = tables.runs.get('run-1')?.seal ?? {};
      assert.deepEqual(storedParts(tables), parts);
      assert.equal(parts.length, 1, 'all parts are merged');
    });
    return hasEnded;
  };

  await killEverywhere(tryWith, { count: 10, from: 0.4 });
});
