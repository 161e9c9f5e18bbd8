import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolder } from '../../lib/make-folder.ts';

test('a folder is made with its parents, and one that is there stays', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(root, { recursive: true }));
  const folder = join(root, 'a', 'b');
  makeFolder(folder, 0o700);
  makeFolder(folder);

  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.equal(statSync(join(root, 'a')).mode & 0o777, 0o700);
  writeFileSync(join(root, 'file'), '');
  assert.throws(() => makeFolder(join(root, 'file')), { code: 'EEXIST' });
  assert.throws(() => makeFolder(join(root, 'file', 'below')), { code: /^(EEXIST|ENOTDIR)$/ });
});

const skip = process.platform === 'linux' ? false : 'there is no /proc';

test('where no folder can be made, that is an error and no endless try', { skip }, () => {
  assert.throws(() => makeFolder('/proc/podometer/history'), { code: 'ENOENT' });
});
