import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { RetriedFile } from '../../../agent/procfs/retried-file.ts';

test('what was denied at first is read once it is allowed', (t) => {
  const { geteuid, seteuid } = process;
  if (geteuid?.() !== 0 || seteuid === undefined) return t.skip('only root can become another user');
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'io');
  writeFileSync(path, 'rchar: 1\n', { mode: 0o600 });
  chmodSync(folder, 0o755);
  seteuid(12_345);
  const file = new RetriedFile(path);
  const readAs = (uid: number): string => {
    seteuid(uid);
    const bytes = file.read();
    seteuid(0);
    return String(bytes);
  };
  try {
    assert.equal(readAs(12_345), 'denied');
    assert.equal(readAs(12_345), 'denied');
    assert.deepEqual([readAs(0), readAs(0)].includes('rchar: 1\n'), true);
  } finally {
    seteuid(0);
    file.close();
  }
});
