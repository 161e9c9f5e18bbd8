import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { KeptStore, RunRecord } from '../../aggregator/store/model.ts';
import { Upkeep, type UpkeepOptions } from '../../aggregator/upkeep.ts';
import { batchOf, bytesOf, SEAL_BYTES } from './store/sample-batches.ts';
import { scratchFolder, scratchStore } from './store/scratch.ts';

const heldClock = { monotonicMs: () => 0, wallMs: () => 0 };

async function append(store: KeptStore, run: number, from: number, to: number): Promise<void> {
  for (let sequence = from; sequence < to; sequence++) {
    const batch = batchOf(sequence, { run: `run-${run}`, agent: run });
    await store.append(bytesOf(batch), batch);
  }
}

function upkeepOf(store: KeptStore, change: Partial<UpkeepOptions> = {}): Upkeep {
  return new Upkeep({
    store,
    stateOf: () => 'finished',
    clock: heldClock,
    retention: undefined,
    everyMs: 1,
    failed: (error) => assert.fail(String(error)),
    told: () => {},
    ...change,
  });
}

/** As after a long silence: every run without an outcome is taken for interrupted. */
const ended = (t: TestContext) => scratchStore(t, undefined, { sealBytes: SEAL_BYTES });
/** As at the moment of the last batch. */
const running = (t: TestContext) => scratchStore(t, undefined, { sealBytes: SEAL_BYTES, clock: heldClock });

test('a round seals every run that has ended', async (t) => {
  const store = await ended(t);
  await append(store, 1, 0, 100);
  await append(store, 2, 0, 3);
  await upkeepOf(store).round();
  assert.deepEqual(
    [...store.runs()].map(({ sealed }) => sealed),
    [true, true],
  );
});

test('of a run that goes on, a long log is sealed part by part, and a short one waits', async (t) => {
  const store = await running(t);
  await append(store, 1, 0, 100);
  const read = () => store.series('run-1', { columns: [1, 2] });
  const before = read();
  const long = store.footprint('run-1').log;
  await upkeepOf(store).round();
  const { log, samples } = store.footprint('run-1');
  assert.ok(log < SEAL_BYTES && long > SEAL_BYTES, `${log} bytes of ${long} wait`);
  assert.ok(samples > 0);
  assert.deepEqual(read(), before);
  await append(store, 1, 100, 102);
  assert.equal(read()[0]?.times.length, 102 * 4);
});

test('a round merges the parts of a run that was sealed before', async (t) => {
  const folder = scratchFolder(t);
  const before = await scratchStore(t, folder, { sealBytes: SEAL_BYTES, clock: heldClock });
  await append(before, 1, 0, 300);
  await upkeepOf(before).round();
  await before.close();
  const store = await scratchStore(t, folder, { sealBytes: SEAL_BYTES });
  while (store.run('run-1')?.sealed !== true) await store.sealSome('run-1');
  assert.equal(store.run('run-1')?.isScattered, true);
  await upkeepOf(store).round();
  assert.equal(store.run('run-1')?.isScattered, undefined);
});

test('while a run is sealed, its batches go on coming in and reading sees all of them', async (t) => {
  const store = await running(t);
  await append(store, 1, 0, 100);
  const round = upkeepOf(store).round();
  for (let sequence = 100; sequence < 140; sequence++) {
    await append(store, 1, sequence, sequence + 1);
    assert.equal(store.series('run-1', { columns: [1] })[0]?.times.length, 4 * (sequence + 1));
  }
  await round;
  assert.equal(store.series('run-1', { columns: [1] })[0]?.times.length, 4 * 140);
  assert.deepEqual(store.check().damage, []);
});

test('a round does what the policy asks for, and tells of it', async (t) => {
  const store = await ended(t);
  await append(store, 1, 0, 3);
  await append(store, 2, 0, 3);
  const told: string[] = [];
  const retention = { runsPerWorkload: 1, baselineRuns: 0 };
  await upkeepOf(store, { retention, told: (message) => told.push(message) }).round();
  assert.equal([...store.runs()].length, 1);
  assert.equal(told.length, 1);
  assert.match(
    told[0] ?? '',
    /^run run-\d \(train@\d\) was deleted: its workload has 2 runs, and 1 are kept$/,
  );
});

test('rounds follow each other until they are stopped, also after one that failed', async (t) => {
  const store = await ended(t);
  const { promise: thirdRound, resolve } = Promise.withResolvers<void>();
  let rounds = 0;
  const failing = {
    runs: (): RunRecord[] => {
      rounds += 1;
      if (rounds === 3) resolve();
      throw new Error('a bad round');
    },
  };
  const failures: unknown[] = [];
  const upkeep = upkeepOf(Object.assign(Object.create(store), failing), {
    failed: (error) => failures.push(error),
  });
  upkeep.start();
  await thirdRound;
  await upkeep.stop();
  const last = rounds;
  await new Promise((done) => setTimeout(done, 20));
  assert.equal(rounds, last);
  assert.ok(failures.length >= 2);
});
