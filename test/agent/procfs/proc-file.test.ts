import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ProcFile, readOnce } from '../../../agent/procfs/proc-file.ts';

test('a file is read from its start each time, also when it grew', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'file');
  writeFileSync(path, 'one');
  const file = ProcFile.open(path);
  assert.ok(file instanceof ProcFile);
  assert.equal(String(file.read()), 'one');
  const long = 'x'.repeat(100_000);
  writeFileSync(path, long);
  assert.equal(String(file.read()), long);
  file.close();
});

test('a long /proc file, which the kernel hands out in pieces, is read whole', () => {
  const maps = readOnce('/proc/self/maps');
  assert.ok(Buffer.isBuffer(maps) && maps.length > 4096);
  assert.match(maps.toString('latin1'), /\[vsyscall\]|\[vdso\]/);
});

test('a file that is not there is gone', () => {
  assert.equal(ProcFile.open('/proc/4194304/stat'), 'gone');
});
