import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Mount, parseMountinfo, podContainerOf, readMounts } from '../../../agent/procfs/mountinfo.ts';

function captured(name: string): Mount[] {
  return parseMountinfo(readFileSync(`test/fixtures/containerd-pod/${name}.mountinfo`, 'utf8'));
}

test('the container of a process is known by the mount of its termination message', () => {
  const podUid = 'c1e9d4e6-10ca-4eec-9529-7c150debfcde';
  assert.deepEqual(podContainerOf(captured('sleep')), { podUid, container: 'app' });
  assert.deepEqual(podContainerOf(captured('node')), { podUid, container: 'agent' });
});

test('the pause process and what is no pod have no container', () => {
  assert.equal(podContainerOf(captured('pause')), undefined);
  const mounts = readMounts('/proc', 'self');
  assert.ok(Array.isArray(mounts));
  assert.equal(podContainerOf(mounts), undefined);
});

test('a mount of the folder of all pods, or of a volume, names no container', () => {
  const line = (root: string) => `1 2 254:0 ${root} /logs rw - ext4 /dev/vda rw\n`;
  const text = ['/var/lib/kubelet/pods', '/pods/u/containers/app', '/pods/u/volumes/x/y'].map(line).join('');
  assert.equal(podContainerOf(parseMountinfo(text)), undefined);
});

test('blanks in paths come back, and optional fields do not shift the others', () => {
  const text = '36 35 98:0 /a\\040b /mnt\\011x\\134y rw shared:1 master:2 - ext3 /dev/my\\040disk rw\n';
  assert.deepEqual(parseMountinfo(text), [
    { device: '98:0', root: '/a b', mountPoint: '/mnt\tx\\y', type: 'ext3', source: '/dev/my disk' },
  ]);
});

test('a process that is gone has no mounts', () => {
  assert.equal(readMounts('/proc', 4_194_304), 'gone');
});

const LONG_MOUNT = `
  mount -t tmpfs none /tmp && cd /tmp
  for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do mkdir ${'x'.repeat(200)} && cd ${'x'.repeat(200)}; done
  mount -t tmpfs none . && mkdir a && cd a && mount -t tmpfs last . && echo ready && exec sleep 60`;

test('long lines, before which the kernel hands out a short piece, are read too', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('needs root for a mount namespace');
  const child = spawn('unshare', ['-m', 'sh', '-c', LONG_MOUNT]);
  await once(child.stdout, 'data');
  const mounts = readMounts('/proc', child.pid ?? 0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.ok(Array.isArray(mounts));
  assert.equal(mounts.at(-1)?.source, 'last');
});
