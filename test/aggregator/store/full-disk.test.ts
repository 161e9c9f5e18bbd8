/** A real file system that fills up: a tmpfs of a few MB. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Databases } from '../../../aggregator/store/databases.ts';
import type { Store } from '../../../aggregator/store/model.ts';
import { batchOf, bytesOf } from './sample-batches.ts';
import { scratchFolder, scratchStore } from './scratch.ts';

function mountSmall(t: TestContext): string | undefined {
  const mount = join(scratchFolder(t), 'disk');
  mkdirSync(mount);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', mount], { stdio: 'ignore' });
  } catch {
    t.skip('no tmpfs may be mounted here');
    return undefined;
  }
  t.after(() => execFileSync('umount', ['--lazy', mount]));
  return mount;
}

/** Leaves this many bytes. */
function fill(mount: string, leave: number): void {
  const { bavail, bsize } = statfsSync(mount);
  writeFileSync(join(mount, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - leave)));
}

async function append(store: Store, sequence: number): Promise<void> {
  const batch = batchOf(sequence, {}, { events: [{ atMs: 0, kind: 'warning', message: 'x'.repeat(1000) }] });
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

test('a disk that fills between the look and the write rejects that write and nothing else', async (t) => {
  const mount = mountSmall(t);
  if (mount === undefined) return;
  const folder = join(mount, 'data');
  const store = await scratchStore(t, folder);
  for (let sequence = 0; sequence < 20; sequence++) await append(store, sequence);
  fill(mount, 0);
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  const databases = new Databases(folder, true);
  const big = Buffer.alloc(500_000);
  const writes = [1, 2, 3].map((i) => databases.write(({ log }) => void log.put(['run-1', 0, 100 + i], big)));
  for (const write of await Promise.allSettled(writes)) {
    assert.equal(write.status === 'rejected' && write.reason.code, 'PODO_STORE_FULL');
  }
  await assert.rejects(
    databases.transaction(({ log }) => void log.put(['run-1', 0, 100], big)),
    { code: 'PODO_STORE_FULL' },
  );
  rmSync(join(mount, 'filler'));
  await append(store, 20);
  assert.equal(store.directory('run-1').events.length, 21);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  assert.deepEqual(unhandled, []);
});
