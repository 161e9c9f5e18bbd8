import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseChildren, readChildren } from '../../../agent/procfs/children.ts';

test('a list ends with a blank, and an empty one has none', () => {
  assert.deepEqual(parseChildren('12 345 '), [12, 345]);
  assert.deepEqual(parseChildren(''), []);
});

test('the children of all threads come together', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [tid, list] of [
    ['7', '8 9 '],
    ['10', '11 '],
  ] as const) {
    mkdirSync(join(root, '7/task', tid), { recursive: true });
    writeFileSync(join(root, '7/task', tid, 'children'), list);
  }
  mkdirSync(join(root, '8/task/8'), { recursive: true });
  assert.deepEqual(
    readChildren(root, 7)?.sort((a, b) => a - b),
    [8, 9, 11],
  );
  assert.equal(readChildren(root, 8), undefined, 'a kernel that does not tell');
  assert.equal(readChildren(root, 9), undefined, 'a process that is gone');
});
