import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { locateCgroup } from '../../../../agent/procfs/cgroup/locate.ts';

function tree(t: TestContext, files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function folders(root: string): string[] | undefined {
  return locateCgroup(`${root}/proc`, 7, `${root}/sys`)?.folders.map(({ folder }) =>
    folder.slice(root.length),
  );
}

test('with v2 alone there is one folder', (t) => {
  const root = tree(t, {
    'proc/7/cgroup': '0::/user/app\n',
    'sys/cgroup.controllers': 'cpu',
    'sys/user/app/cpu.stat': '',
  });
  assert.deepEqual(folders(root), ['/sys/user/app']);
});

test('within a cgroup namespace the folder of the mount is its own', (t) => {
  const root = tree(t, { 'proc/7/cgroup': '0::/\n', 'sys/cgroup.controllers': 'cpu' });
  assert.deepEqual(
    folders(root)?.map((folder) => folder.replace(/\/$/, '')),
    ['/sys'],
  );
});

test('a cgroup outside of the namespace cannot be read', (t) => {
  const root = tree(t, { 'proc/7/cgroup': '0::/../other\n', 'sys/cgroup.controllers': 'cpu' });
  assert.equal(folders(root), undefined);
});

test('v1 controllers have a folder each, also beside an empty v2 tree', (t) => {
  const root = tree(t, {
    'proc/7/cgroup': '4:memory:/m\n1:cpu:/\n0::/\n',
    'sys/memory/m/memory.stat': '',
    'sys/cpu/cpu.stat': '',
    'sys/unified/cgroup.controllers': '',
  });
  assert.deepEqual(folders(root), ['/sys/cpu/', '/sys/memory/m']);
});

test('a process that is gone has no cgroup', (t) => {
  assert.equal(folders(tree(t, { 'sys/cgroup.controllers': '' })), undefined);
});
