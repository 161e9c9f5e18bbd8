import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Databases } from '../../../aggregator/store/databases.ts';
import type { Seal } from '../../../aggregator/store/keys.ts';
import type { KeptStore } from '../../../aggregator/store/model.ts';
import { batchOf, bytesOf, SEAL_BYTES } from './sample-batches.ts';
import { scratchFolder, scratchStore, storedParts, withDatabases } from './scratch.ts';

const RUN = 'run-1';
const heldClock = { wallMs: () => 0 };

/** Two members, so that their parts overlap in time. */
async function append(store: KeptStore, from: number, to: number): Promise<void> {
  for (let sequence = from; sequence < to; sequence++) {
    for (const agent of [1, 2]) {
      const batch = batchOf(sequence, { agent, tickMs: 5000, offsetMs: 700 * (agent - 1) });
      await store.append(bytesOf(batch), batch);
    }
  }
}

async function sealedAsFarAsDue(store: KeptStore): Promise<void> {
  while (await store.sealSome(RUN));
}

const going = (t: TestContext, folder: string) =>
  scratchStore(t, folder, { sealBytes: SEAL_BYTES, clock: heldClock });
const ended = (t: TestContext, folder: string) => scratchStore(t, folder, { sealBytes: SEAL_BYTES });

/** A run of many parts that has ended and was not merged yet: it went on when it was sealed. */
async function scattered(t: TestContext, batches = 300): Promise<string> {
  const folder = scratchFolder(t);
  const store = await going(t, folder);
  await append(store, 0, batches);
  await sealedAsFarAsDue(store);
  await store.close();
  return folder;
}

function answers(store: KeptStore, resolutionMs = 0): unknown[] {
  return store
    .series(RUN, { columns: [1, 2], resolutionMs })
    .map(({ times, values, spread, ...of }) => ({ ...of, times: [...times], values: [...values] }));
}

function sealOf(folder: string): Promise<Seal> {
  return withDatabases(folder, ({ tables }) => {
    const seal = tables.runs.get(RUN)?.seal;
    assert.ok(seal);
    assert.deepEqual(storedParts(tables), seal.parts);
    return seal;
  });
}

async function sealed(t: TestContext, folder: string): Promise<KeptStore> {
  const store = await ended(t, folder);
  await store.seal(RUN);
  return store;
}

test('merged parts answer as each by itself did', async (t) => {
  const folder = await scattered(t);
  assert.ok((await sealOf(folder)).parts.length >= 8);
  const before = await ended(t, folder);
  assert.equal(before.run(RUN)?.isScattered, true);
  const samples = answers(before);
  await before.close();
  const after = await sealed(t, folder);
  assert.equal(after.run(RUN)?.isScattered, undefined);
  assert.deepEqual(answers(after), samples);
  assert.deepEqual(after.check().damage, []);
  await after.close();
  assert.equal((await sealOf(folder)).parts.length, 1);
});

test('a level of merged parts is whole, also where some parts were too short to have it', async (t) => {
  const folder = await scattered(t);
  const before = await ended(t, folder);
  const [first] = before.series(RUN, { columns: [1] });
  await before.close();
  const after = await sealed(t, folder);
  for (const resolutionMs of [60_000, 600_000]) {
    const [level] = after.series(RUN, { columns: [1], resolutionMs });
    assert.ok(level?.spread, 'a level answers');
    assert.equal(level.times[0], first?.times[0]);
    assert.equal(level.values[0], first?.values[0]);
    assert.equal(level.times.at(-1), first?.times.at(-1));
    assert.equal(level.values.at(-1), first?.values.at(-1));
    const widest = Math.max(...level.times.slice(1).map((time, i) => time - Number(level.times[i])));
    assert.ok(widest <= resolutionMs + 5000, `no cell is missing: ${widest} ms`);
  }
});

test('what a merged run takes is counted anew', async (t) => {
  const folder = await scattered(t);
  const store = await sealed(t, folder);
  const { samples, levels } = store.footprint(RUN);
  await store.close();
  await withDatabases(folder, ({ tables }) => {
    const bytes = [...tables.slices.getRange({})].reduce((sum, { value }) => sum + value.length, 0);
    assert.equal(samples + levels, bytes);
  });
});

test('parts of a run that goes on are merged once they are very many, and later ones by themselves', async (t) => {
  const folder = scratchFolder(t);
  const store = await going(t, folder);
  await append(store, 0, 1200);
  const before = answers(store);
  await sealedAsFarAsDue(store);
  assert.deepEqual(answers(store), before);
  await store.close();
  const { parts, mergedThrough } = await sealOf(folder);
  assert.equal(parts[0], mergedThrough);
  assert.ok(parts.length < 32, `${parts.length} parts`);

  const later = await going(t, folder);
  await append(later, 1200, 1500);
  await later.close();
  await (await sealed(t, folder)).close();
  assert.deepEqual((await sealOf(folder)).parts.length, 2);
  assert.equal((await sealOf(folder)).parts[0], mergedThrough);
});

test('where a slice is damaged the parts stay as they are, and cost what they did before', async (t) => {
  const folder = await scattered(t);
  await withDatabases(folder, async ({ tables }) => {
    const [entry] = tables.slices.getRange({ start: [RUN, 3], limit: 1 });
    assert.ok(entry);
    const bytes = Uint8Array.from(entry.value);
    bytes[bytes.length - 1] = Number(bytes.at(-1)) ^ 255;
    await tables.slices.put(entry.key, bytes);
  });
  const { parts } = await sealOf(folder);
  const store = await sealed(t, folder);
  assert.equal(store.check().damage.length, 1);
  assert.equal(await store.sealSome(RUN), false);
  await store.close();
  const after = (await sealOf(folder)).parts;
  assert.deepEqual(after.slice(0, parts.length), parts);
});

test('a run of which samples were given up is left as it is', async (t) => {
  const folder = await scattered(t);
  const store = await ended(t, folder);
  while ((await store.sealSome(RUN)) && store.run(RUN)?.sealed !== true);
  await store.thin(RUN, 'levels');
  assert.equal(store.run(RUN)?.isScattered, undefined);
  assert.equal(await store.sealSome(RUN), false);
  assert.equal(store.run(RUN)?.thinned, 'levels');
});

test('without room for a copy nothing is merged, and sealing goes on', async (t) => {
  const folder = await scattered(t);
  const { parts, bytes = { samples: 0, levels: 0 } } = await sealOf(folder);
  t.mock.method(Databases.prototype, 'hasRoom', (wanted: number) => wanted < bytes.samples);
  const store = await sealed(t, folder);
  assert.equal(store.run(RUN)?.sealed, true);
  await store.close();
  assert.ok((await sealOf(folder)).parts.length >= parts.length);
});

test('merging that is told to stop stops at once and leaves nothing, and is done by the next try', async (t) => {
  const folder = await scattered(t);
  const store = await ended(t, folder);
  while (store.run(RUN)?.sealed !== true) await store.sealSome(RUN);
  const stop = new AbortController();
  const { write } = Databases.prototype;
  let writes = 0;
  t.mock.method(Databases.prototype, 'write', function (this: Databases, ...args: Parameters<typeof write>) {
    writes += 1;
    if (writes === 2) stop.abort();
    return write.apply(this, args);
  });
  assert.equal(await store.sealSome(RUN, stop.signal), false);
  assert.ok(writes >= 2 && writes <= 4, `${writes} writes`);
  assert.equal(store.run(RUN)?.isScattered, true);
  await store.close();
  await sealOf(folder);
  const again = await ended(t, folder);
  assert.equal(await again.sealSome(RUN), true);
  assert.equal(again.run(RUN)?.isScattered, undefined);
});

test('merging for which the room has gone meanwhile leaves nothing', async (t) => {
  const folder = await scattered(t);
  const store = await ended(t, folder);
  while (store.run(RUN)?.sealed !== true) await store.sealSome(RUN);
  let asked = 0;
  t.mock.method(Databases.prototype, 'hasRoom', () => ++asked <= 3);
  await assert.rejects(store.sealSome(RUN), { code: 'PODO_STORE_FULL' });
  await store.close();
  await sealOf(folder);
});
