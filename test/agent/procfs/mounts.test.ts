import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseMounts } from '../../../agent/procfs/mounts.ts';

const captured = parseMounts(readFileSync('test/fixtures/containerd-pod/sleep.mountinfo', 'utf8'));

test('every mount of a captured container is read', () => {
  assert.equal(captured.length, 31);
  assert.deepEqual(
    captured.find(({ path }) => path === '/etc/hosts'),
    {
      root: '/var/lib/kubelet/pods/c1e9d4e6-10ca-4eec-9529-7c150debfcde/etc-hosts',
      path: '/etc/hosts',
      isReadOnly: false,
      kind: 'ext4',
    },
  );
  assert.deepEqual(
    captured.filter(({ isReadOnly, kind }) => isReadOnly && kind === 'tmpfs').map(({ path }) => path),
    ['/var/run/secrets/kubernetes.io/serviceaccount', '/proc/acpi', '/sys/firmware'],
  );
});

test('tags between the options and the kind do not matter, and blanks in a path are blanks', () => {
  const line = '36 35 98:0 /a\\134b /mnt\\040one\\011two rw,noatime shared:1 master:2 - ext3 /dev/root rw\n';
  assert.deepEqual(parseMounts(line), [
    { root: '/a\\b', path: '/mnt one\ttwo', isReadOnly: false, kind: 'ext3' },
  ]);
});
