/** Several processes with one store open at once. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Appender } from '../../../aggregator/store/appender.ts';
import { Databases } from '../../../aggregator/store/databases.ts';
import { Sweeper } from '../../../aggregator/store/sweeper.ts';
import { batchOf, bytesOf, SEAL_BYTES } from './sample-batches.ts';
import { Program, runNow, scratchFolder, scratchStore, storedParts, withDatabases } from './scratch.ts';

const BATCHES = 60;
const ALL_WRITES = 10_000;

async function succeed(...programs: Program[]): Promise<void> {
  const ends = await Promise.all(programs.map((program) => program.end()));
  assert.deepEqual(
    ends,
    Array.from(programs, () => ({ code: 0, errors: '' })),
  );
}

test('writers that begin a store at once each get a number, and a reader sees them while they write', async (t) => {
  const folder = join(scratchFolder(t), 'made', 'by', 'the', 'first');
  const writers = [0, 1, 2, 3].map((i) => new Program('write', [folder, `run-${i}`, i, 0, BATCHES]));
  await writers[0]?.line();
  const reader = await scratchStore(t, folder, { readOnly: true });
  const sightings = new Set<number>();
  let isWriting = true;
  const end = succeed(...writers).finally(() => {
    isWriting = false;
  });
  while (isWriting) {
    sightings.add([...reader.runs()].reduce((sum, run) => sum + Number(run.members[0]?.lastSequence), 0));
    await delay(1);
  }
  await end;
  assert.ok(sightings.size > 3, `${sightings.size} states seen`);
  const runs = [...reader.runs()];
  assert.deepEqual(runs.map(({ number }) => number).sort(), [1, 2, 3, 4]);
  for (const { id, members } of runs) {
    assert.equal(members[0]?.lastSequence, BATCHES - 1);
    assert.equal(reader.series(id, { columns: [1] })[0]?.times.length, BATCHES * 4);
  }
});

test('two processes that send the same batches keep each once', async (t) => {
  const folder = scratchFolder(t);
  const writers = [1, 2].map(() => new Program('write', [folder, 'run-1', 1, 0, BATCHES]));
  await succeed(...writers);
  const sequences = Array.from({ length: BATCHES }, (_, i) => i);
  const lines = writers.flatMap((writer) => writer.lines).toSorted();
  assert.deepEqual(
    lines,
    sequences.flatMap((sequence) => [`${sequence} again`, `${sequence} new`]).toSorted(),
  );
  await withDatabases(folder, ({ tables }) => {
    assert.deepEqual(
      [...tables.log.getKeys()],
      sequences.map((sequence) => ['run-1', 0, sequence]),
    );
    assert.equal(tables.runs.getKeysCount(), 1);
  });
});

/** Lets something happen between the look at a member's record and the first write that depends on it. */
class OvertakenDatabases extends Databases {
  overtake: (() => void) | undefined;

  override write(...args: Parameters<Databases['write']>): Promise<boolean> {
    this.overtake?.();
    this.overtake = undefined;
    return super.write(...args);
  }
}

test('a write that another process overtook is looked at again', async (t) => {
  const folder = scratchFolder(t);
  runNow('write', folder, 'run-1', 1, 0, 3);
  const databases = new OvertakenDatabases(folder, true);
  t.after(() => databases.close());
  const appender = new Appender(databases, new Sweeper(databases), () => 0);
  const append = (sequence: number) => {
    const batch = batchOf(sequence);
    return appender.append(bytesOf(batch), batch);
  };
  databases.overtake = () => runNow('write', folder, 'run-1', 1, 3, 3);
  assert.equal((await append(3)).duplicate, true);
  databases.overtake = () => runNow('remove', folder, 'run-1');
  await assert.rejects(append(6), { code: 'PODO_RUN_NOT_FOUND' });
  assert.equal(databases.refresh().log.getKeysCount(), 0);
});

test('a reader sees what others committed a moment ago, without giving up its turn', async (t) => {
  const folder = scratchFolder(t);
  const reader = await scratchStore(t, folder);
  assert.equal(reader.run('run-1'), undefined);
  runNow('write', folder, 'run-1', 1, 0, 3);
  assert.equal(reader.run('run-1')?.members[0]?.lastSequence, 2);
});

test('two processes that seal one run at once agree, and an open reader sees it sealed', async (t) => {
  const folder = scratchFolder(t);
  await succeed(new Program('write', [folder, 'run-1', 1, 0, BATCHES * 3]));
  const reader = await scratchStore(t, folder, { sealBytes: SEAL_BYTES });
  const read = () => reader.series('run-1', { columns: [1, 2] });
  const before = read();
  assert.equal(before[0]?.times.length, BATCHES * 12);
  await succeed(...[1, 2].map(() => new Program('seal-and-die', [folder, 'run-1', ALL_WRITES])));
  assert.deepEqual(read(), before);
  await reader.seal('run-1');
  assert.equal(reader.run('run-1')?.sealed, true);
  assert.deepEqual(read(), before);
  await reader.close();
  await withDatabases(folder, ({ tables }) => {
    assert.deepEqual(storedParts(tables), tables.runs.get('run-1')?.seal.parts);
    assert.equal(tables.log.getKeysCount(), 0);
  });
});
