import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { checkStore } from '../../../aggregator/store/check.ts';
import type { KeptStore } from '../../../aggregator/store/model.ts';
import type { Tables } from '../../../aggregator/store/tables.ts';
import { columnByName } from '../../../protocol/metrics.ts';
import { batchOf, bytesOf } from './sample-batches.ts';
import { scratchFolder, scratchStore, withDatabases } from './scratch.ts';

const CPU = Number(columnByName('utimeTicks')?.id);
const MEMORY = Number(columnByName('rssBytes')?.id);
const COLUMN_IDS = [CPU, MEMORY].sort((a, b) => a - b);
const BATCHES = 300;

/** So unsteady that each column has a frame of its own. */
function noisy(sequence: number): Parameters<typeof batchOf>[2] {
  const values = COLUMN_IDS.map((id) => [0, 1, 2, 3].map((i) => ((sequence * 4 + i) * 7919 * id) % 100_003));
  return { blocks: [{ subject: 'process', index: 0, columns: COLUMN_IDS, ticks: [0, 1, 2, 3], values }] };
}

/** Run 1 is sealed, run 2 is in the log. */
async function filled(t: TestContext): Promise<string> {
  const folder = scratchFolder(t);
  const store = await scratchStore(t, folder, { sealBytes: 14000 });
  for (const agent of [1, 2]) {
    for (let sequence = 0; sequence < BATCHES; sequence++) {
      const batch = batchOf(sequence, { run: `run-${agent}`, agent }, noisy(sequence));
      await store.append(bytesOf(batch), batch);
    }
  }
  await store.seal('run-1');
  await store.close();
  return folder;
}

async function damaged(t: TestContext, change: (tables: Tables) => void): Promise<KeptStore> {
  const folder = await filled(t);
  await withDatabases(folder, (databases) => databases.write(change));
  return scratchStore(t, folder);
}

const messages = (store: KeptStore) => store.check().damage.map(({ run, message }) => `${run}: ${message}`);
const samplesOf = (store: KeptStore, column: number, run = 'run-1') =>
  store.series(run, { columns: [column] }).reduce((sum, { times }) => sum + times.length, 0);

function flipByte(bytes: Uint8Array | undefined, at: number): Uint8Array {
  assert.ok(bytes);
  const copy = Uint8Array.from(bytes);
  copy[at] = Number(copy[at]) ^ 0x10;
  return copy;
}

test('a sound store has no damage, and what was read is counted', async (t) => {
  const store = await scratchStore(t, await filled(t));
  const seen: number[] = [];
  const { damage, runs, batches, slices, bytes } = store.check((count) => seen.push(count));
  assert.deepEqual([damage, runs, batches, seen], [[], 2, BATCHES, [1, 2]]);
  assert.ok(slices > 4 && bytes > 10_000);
});

test('a damaged or missing batch is named, and costs its own samples alone', async (t) => {
  const store = await damaged(t, ({ log }) => {
    log.put(['run-2', 0, 7], flipByte(log.get(['run-2', 0, 7]), 30));
    log.remove(['run-2', 0, 20]);
    log.remove(['run-2', 0, 21]);
  });
  assert.deepEqual(messages(store), [
    'run-2: Batch 7 of member 0 is damaged; its samples are left out.',
    'run-2: Batches 20 to 21 of member 0 are missing.',
  ]);
  assert.equal(samplesOf(store, CPU, 'run-2'), 4 * (BATCHES - 3));
});

test('a damaged column of a slice is named, and costs that column in that slice alone', async (t) => {
  const store = await damaged(t, ({ slices }) => {
    const bytes = slices.get(['run-1', 0, 300_000]);
    slices.put(['run-1', 0, 300_000], flipByte(bytes, Number(bytes?.length) - 5));
  });
  const last = COLUMN_IDS.at(-1) === MEMORY ? MEMORY : CPU;
  const name = last === MEMORY ? 'rssBytes' : 'utimeTicks';
  assert.deepEqual(messages(store), [
    `run-1: Column ${name} of the samples from 300 s on (part 0) is damaged.`,
  ]);
  assert.equal(samplesOf(store, last), 4 * BATCHES - 300);
  assert.equal(samplesOf(store, last === MEMORY ? CPU : MEMORY), 4 * BATCHES);
});

test('whatever byte of a block is changed, that is told', async (t) => {
  const folder = await filled(t);
  await withDatabases(folder, async (databases) => {
    const { slices } = databases.tables;
    const sound = slices.get(['run-1', -10_000, 0, 0]);
    assert.ok(sound);
    await databases.write((tables) => void tables.runs.remove('run-2'));
    for (let at = 0; at < sound.length; at += 13) {
      await databases.write(
        (tables) => void tables.slices.put(['run-1', -10_000, 0, 0], flipByte(sound, at)),
      );
      assert.notDeepEqual(checkStore(databases.refresh()).damage, [], `byte ${at} of ${sound.length}`);
    }
  });
});
