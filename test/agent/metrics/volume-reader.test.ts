import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { VolumeReader } from '../../../agent/metrics/volume-reader.ts';

const PID = 7;

/** A folder that stands for /proc, with one process that sees this machine's root. */
function procWith(t: TestContext, mountinfo: string): { root: string; mount(text: string): void } {
  const root = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, String(PID)));
  symlinkSync('/', join(root, String(PID), 'root'));
  const mount = (text: string): void => writeFileSync(join(root, String(PID), 'mountinfo'), text);
  mount(mountinfo);
  return { root, mount };
}

function readPaths(reader: VolumeReader, pid = PID): string[] {
  const rows = new Map<string, Float64Array>();
  reader.read(pid, (place) => {
    const row = new Float64Array(3).fill(Number.NaN);
    rows.set(place, row);
    return row;
  });
  return [...rows].filter(([, row]) => (row[0] ?? 0) > 0 && !Number.isNaN(row[2])).map(([path]) => path);
}

test('a volume that is mounted later is found, and one that is gone is left out', (t) => {
  const { root, mount } = procWith(t, '1 0 0:1 / /dev/shm rw - tmpfs shm rw\n');
  const reader = new VolumeReader(root);
  assert.deepEqual(readPaths(reader), ['/dev/shm']);
  mount('1 0 0:1 / /dev/shm rw - tmpfs shm rw\n2 0 8:0 / / rw - ext4 /dev/sda rw\n');
  assert.deepEqual(readPaths(reader), ['/dev/shm', '/']);
  mount('3 0 0:9 / /no/such/place rw - ext4 /dev/sdb rw\n');
  assert.deepEqual(readPaths(reader), []);
});

test('a file server’s volume is asked in the background and told at the reading after its answer, once', async (t) => {
  const { root } = procWith(t, '1 0 0:1 / / rw - nfs4 server:/export rw\n');
  const reader = new VolumeReader(root);
  assert.deepEqual(readPaths(reader), []);
  await wait(100);
  assert.deepEqual(readPaths(reader), ['/']);
  assert.deepEqual(readPaths(reader), []);
});

test('a process that is gone has no volumes to read', (t) => {
  const { root } = procWith(t, '1 0 0:1 / /dev/shm rw - tmpfs shm rw\n');
  assert.deepEqual(readPaths(new VolumeReader(root), PID + 1), []);
});
