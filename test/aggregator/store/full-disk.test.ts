/** A real file system that fills up: a tmpfs of a few MB. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { applyPlan, planFor } from '../../../aggregator/retention/retain.ts';
import type { RunRecord, Store } from '../../../aggregator/store/model.ts';
import { type BatchOptions, batchOf, bytesOf } from './sample-batches.ts';
import { scratchStore, withDatabases } from './scratch.ts';

/** What it meets may end a process, so it has one of its own. */
const OPENING = join(import.meta.dirname, 'programs', 'opening.ts');

function codeOfOpening(folder: string): string {
  return execFileSync(process.execPath, [OPENING, folder], { encoding: 'utf8' });
}

function mountSmall(t: TestContext): string | undefined {
  const mount = mkdtempSync(join(tmpdir(), 'podometer-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', mount], { stdio: 'ignore' });
    t.after(() => execFileSync('umount', ['--lazy', mount]));
    return mount;
  } catch {
    t.skip('no tmpfs may be mounted here');
    return undefined;
  } finally {
    t.after(() => rmdirSync(mount));
  }
}

/** Leaves this many bytes. */
function fill(mount: string, leave: number): void {
  const { bavail, bsize } = statfsSync(mount);
  writeFileSync(join(mount, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - leave)));
}

async function append(store: Store, sequence: number, options: BatchOptions = {}): Promise<void> {
  const batch = batchOf(sequence, options, {
    events: [{ atMs: 0, kind: 'warning', message: 'x'.repeat(1000) }],
  });
  await store.append(bytesOf(batch), batch);
}

async function appendUntilRefused(store: Store): Promise<number> {
  for (let sequence = 0; ; sequence++) {
    try {
      await append(store, sequence);
    } catch (error) {
      assert.equal((error as { code?: unknown }).code, 'PODO_STORE_FULL');
      return sequence;
    }
  }
}

test('a full disk refuses batches, keeps what it has, and takes more once there is room', async (t) => {
  const mount = mountSmall(t);
  if (mount === undefined) return;
  const store = await scratchStore(t, join(mount, 'data'));
  fill(mount, 2 ** 20 + 200_000);
  const refused = await appendUntilRefused(store);
  assert.ok(refused > 10);
  assert.equal(store.run('run-1')?.members[0]?.lastSequence, refused - 1);
  assert.equal(store.directory('run-1').events.length, refused);
  rmSync(join(mount, 'filler'));
  await append(store, refused);
  assert.equal(store.run('run-1')?.members[0]?.lastSequence, refused);
});

test('runs can be removed while the disk is full, and that makes room', async (t) => {
  const mount = mountSmall(t);
  if (mount === undefined) return;
  const store = await scratchStore(t, join(mount, 'data'));
  await appendUntilRefused(store);
  await store.remove('run-1');
  assert.deepEqual([...store.runs()], []);
});

test('retention makes room on a full disk, and batches are taken again', async (t) => {
  const mount = mountSmall(t);
  if (mount === undefined) return;
  const store = await scratchStore(t, join(mount, 'data'));
  for (let sequence = 0; sequence < 500; sequence++)
    await append(store, sequence, { run: 'run-0', agent: 2 });
  const refused = await appendUntilRefused(store);
  const stateOf = ({ id }: RunRecord) => (id === 'run-0' ? 'finished' : 'running');
  const policy = { leastFreeBytes: 2 ** 21, baselineRuns: 0 };
  const done = await applyPlan(store, stateOf, await planFor(store, stateOf, policy, Date.now()));
  assert.deepEqual(
    done.map(({ record, to }) => [record.id, to]),
    [['run-0', 'deleted']],
  );
  await append(store, refused);
  assert.equal(store.run('run-1')?.members[0]?.lastSequence, refused);
});

test('a disk that fills between the look and the write rejects that write and nothing else', async (t) => {
  const mount = mountSmall(t);
  if (mount === undefined) return;
  const folder = join(mount, 'data');
  await (await scratchStore(t, folder)).close();
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  await withDatabases(folder, async (databases) => {
    fill(mount, 0);
    const big = Buffer.alloc(500_000);
    const writes = [1, 2, 3].map((i) => databases.write(({ log }) => void log.put(['run-1', 0, i], big)));
    for (const write of await Promise.allSettled(writes)) {
      assert.equal(write.status === 'rejected' && write.reason.code, 'PODO_STORE_FULL');
    }
    const alone = databases.transaction(({ log }) => void log.put(['run-1', 0, 4], big));
    await assert.rejects(alone, { code: 'PODO_STORE_FULL' });
    rmSync(join(mount, 'filler'));
    await databases.write(({ log }) => void log.put(['run-1', 0, 5], big));
    assert.deepEqual([...databases.refresh().log.getKeys()], [['run-1', 0, 5]]);
  });
  process.off('unhandledRejection', note);
  assert.deepEqual(unhandled, []);
});

test('no store is begun on a full disk, and nothing of it is left there', async (t) => {
  const mount = mountSmall(t);
  if (mount === undefined) return;
  for (const leave of [0, 4096, 64 * 1024]) {
    fill(mount, leave);
    assert.equal(codeOfOpening(mount), 'PODO_STORE_FULL\n');
    assert.deepEqual(readdirSync(mount), ['filler']);
    rmSync(join(mount, 'filler'));
  }
});
