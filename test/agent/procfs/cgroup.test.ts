import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseCgroup } from '../../../agent/procfs/cgroup.ts';

test('a v2 process has one path', () => {
  const { v2, v1 } = parseCgroup(readFileSync('test/fixtures/cgroup-v2-throttled/proc/cgroup', 'utf8'));
  assert.equal(v2, '/kubepods/app');
  assert.equal(v1.size, 0);
});

test('v1 controllers have a path each, joint ones the same, and a colon may stand in a path', () => {
  const { v1 } = parseCgroup('4:cpu,cpuacct:/a:b\n3:memory:/m\n0::/\n');
  assert.deepEqual(
    [...v1],
    [
      ['cpu', '/a:b'],
      ['cpuacct', '/a:b'],
      ['memory', '/m'],
    ],
  );
});
