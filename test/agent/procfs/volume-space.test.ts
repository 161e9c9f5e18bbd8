import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statfsSync } from 'node:fs';
import { test } from 'node:test';
import { askVolumeSpace, readVolumeSpace } from '../../../agent/procfs/volume-space.ts';

test('the space is that of the file system, as seen through the process', async () => {
  const { blocks, bsize } = statfsSync('/dev/shm');
  const space = readVolumeSpace('/proc', process.pid, '/dev/shm');
  assert.equal(space?.sizeBytes, blocks * bsize);
  assert.ok(space.usedBytes + space.freeBytes <= space.sizeBytes);
  assert.equal((await askVolumeSpace('/proc', process.pid, '/dev/shm'))?.sizeBytes, space.sizeBytes);
});

test('where nothing is mounted, the process is gone or the file system has no size, there is no space', async () => {
  const child = spawn('true');
  await once(child, 'exit');
  assert.equal(readVolumeSpace('/proc', process.pid, '/no/such/place'), undefined);
  assert.equal(readVolumeSpace('/proc', child.pid ?? 0, '/'), undefined);
  assert.equal(readVolumeSpace('/proc', process.pid, '/proc'), undefined);
  assert.equal(await askVolumeSpace('/proc', process.pid, '/no/such/place'), undefined);
});
