/** Copying runs, killed after each of its writes and at random moments between them. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { KeptStore } from '../../../aggregator/store/model.ts';
import { Sweeper } from '../../../aggregator/store/sweeper.ts';
import { endOrKill, killEverywhere, type Try } from './kill-everywhere.ts';
import { batchOf, bytesOf, declarationOf, SEAL_BYTES, STARTED_AT_MS } from './sample-batches.ts';
import { Program, scratchFolder, scratchStore, withDatabases } from './scratch.ts';

const RUNS = ['run-1', 'run-2'] as const;

function contentOf(store: KeptStore, id: string): unknown {
  return [store.run(id), store.directory(id), store.series(id, { columns: [1, 2] }), store.footprint(id)];
}

test('a run is here whole or not at all wherever its copying is killed, and the next try copies it', async (t) => {
  const folder = scratchFolder(t);
  const from = join(folder, 'from');
  const original = await scratchStore(t, from, { sealBytes: SEAL_BYTES });
  for (const [place, run] of RUNS.entries()) {
    for (let sequence = 0; sequence < 60; sequence++) {
      const declaration = declarationOf({ startedAtMs: STARTED_AT_MS + place });
      const options = { run, agent: place + 1, tickMs: 9000 };
      const batch = batchOf(sequence, options, sequence === 0 ? { declaration } : {});
      await original.append(bytesOf(batch), batch);
    }
    await original.seal(run);
  }
  const late = batchOf(60, { tickMs: 9000 });
  await original.append(bytesOf(late), late);
  const entries = await countEntries(original);
  const source = await scratchStore(t, from, { readOnly: true });

  const tryWith: Try = async (name, writes, killAfterMs) => {
    const copy = join(folder, name);
    await (await scratchStore(t, copy)).close();
    const program = new Program('copy-and-die', [from, copy, writes]);
    const hasEnded = await endOrKill(program, killAfterMs);
    const killed = await scratchStore(t, copy);
    assert.deepEqual(killed.check().damage, [], `${name}: as killed`);
    for (const { id } of killed.runs()) assert.deepEqual(contentOf(killed, id), contentOf(source, id), name);
    for (const id of RUNS) await killed.copy(id, source.origin());
    for (const id of RUNS) assert.deepEqual(contentOf(killed, id), contentOf(source, id), `${name}: again`);
    assert.deepEqual(await countEntries(killed), entries, `${name}: nothing is left over`);
    return hasEnded;
  };

  await killEverywhere(tryWith, { count: 30, from: 0.2 });
});

/** What is in a store when all is swept that can be. Closes the store. */
async function countEntries(store: KeptStore): Promise<number[]> {
  await store.close();
  return withDatabases(store.folder, async (databases) => {
    await new Sweeper(databases).sweepAll();
    const { log, slices, directories, members, agents, sweeps } = databases.tables;
    return [log, slices, directories, members, agents, sweeps].map((table) => table.getKeysCount());
  });
}
