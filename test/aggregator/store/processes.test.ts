/** Several processes with one store open at once. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Program, scratchFolder, scratchStore } from './scratch.ts';

const WRITERS = 4;
const BATCHES = 60;

test('writers that begin a store at once each get their own number, and a reader sees them while they write', async (t) => {
  const folder = join(scratchFolder(t), 'made', 'by', 'the', 'first');
  const writers = Array.from(
    { length: WRITERS },
    (_, i) => new Program('write', [folder, `run-${i}`, i, 0, BATCHES]),
  );
  await writers[0]?.line();
  const reader = await scratchStore(t, folder, { readOnly: true });
  const sightings = new Set<number>();
  const ends = Promise.all(writers.map((writer) => writer.end()));
  let running = true;
  void ends.then(() => {
    running = false;
  });
  while (running) {
    sightings.add([...reader.runs()].reduce((sum, run) => sum + (run.members[0]?.lastSequence ?? 0), 0));
    await delay(1);
  }
  assert.deepEqual(
    await ends,
    Array.from(writers, () => ({ code: 0, errors: '' })),
  );
  assert.ok(sightings.size > 3, `${sightings.size} states seen`);
  const runs = [...reader.runs()];
  assert.deepEqual(runs.map(({ number }) => number).sort(), [1, 2, 3, 4]);
  assert.deepEqual(
    runs.map(({ members }) => members[0]?.lastSequence),
    Array.from(runs, () => BATCHES - 1),
  );
  for (const { id } of runs) assert.equal(reader.series(id, { columns: [1] })[0]?.times.length, BATCHES * 4);
});

test('a reader that is open sees a run that another process sealed', async (t) => {
  const folder = scratchFolder(t);
  const store = await scratchStore(t, folder);
  const writers = [1, 2].map((i) => new Program('write', [folder, `run-${i}`, i, 0, 9]));
  for (const writer of writers) assert.equal((await writer.end()).code, 0);
  assert.equal(store.run('run-1')?.sealed, false);
  const sealer = new Program('seal-and-die', [folder, 'run-1', 1000]);
  assert.deepEqual(await sealer.end(), { code: 0, errors: '' });
  assert.equal(store.run('run-1')?.sealed, true);
  assert.equal(store.series('run-1', { columns: [1] })[0]?.times.length, 36);
});
