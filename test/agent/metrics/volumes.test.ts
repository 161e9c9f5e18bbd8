import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { volumesOf } from '../../../agent/metrics/volumes.ts';
import { type Mount, parseMounts } from '../../../agent/procfs/mounts.ts';

const POD = '/var/lib/kubelet/pods/c1e9d4e6-10ca-4eec-9529-7c150debfcde';

function mount(path: string, change: Partial<Mount> = {}): Mount {
  return { root: '/', path, isReadOnly: false, kind: 'ext4', ...change };
}

function paths(...mounts: Mount[]): string[] {
  return volumesOf(mounts).map(({ path }) => path);
}

test('a container without volumes has its shared memory and nothing else', () => {
  const captured = readFileSync('test/fixtures/containerd-pod/sleep.mountinfo', 'utf8');
  assert.deepEqual(volumesOf(parseMounts(captured)), [
    { path: '/dev/shm', name: undefined, isRemote: false },
  ]);
});

test('the kubelet’s path gives the name of a volume, that of a part of it too', () => {
  const volumes = volumesOf([
    mount('/data', { root: `${POD}/volumes/kubernetes.io~empty-dir/cache` }),
    mount('/models', { root: `${POD}/volumes/kubernetes.io~csi/pvc-12/mount` }),
    mount('/part', { root: `${POD}/volume-subpaths/work/main/0` }),
    mount('/own', { kind: 'xfs' }),
  ]);
  assert.deepEqual(
    volumes.map(({ name }) => name),
    ['cache', 'pvc-12', 'work', undefined],
  );
});

test('what the kubelet fills, images and pseudo file systems are no volumes', () => {
  assert.deepEqual(
    paths(
      mount('/secret', { root: '/', kind: 'tmpfs', isReadOnly: true }),
      mount('/config', { root: `${POD}/volumes/kubernetes.io~configmap/settings` }),
      mount('/', { kind: 'overlay' }),
      mount('/snap/core/1', { kind: 'squashfs', isReadOnly: true }),
      mount('/home', { kind: 'autofs' }),
      mount('/dev', { kind: 'tmpfs' }),
      mount('/sys/firmware', { kind: 'tmpfs' }),
      mount('/development'),
    ),
    ['/development'],
  );
});

test('a data set that may only be read is a volume', () => {
  assert.deepEqual(paths(mount('/data', { isReadOnly: true })), ['/data']);
});

test('a file server is told from what the kernel answers by itself', () => {
  const kinds = ['ext4', 'tmpfs', 'nfs4', 'ceph', 'fuse.s3fs', 'something-new'];
  const volumes = volumesOf(kinds.map((kind) => mount(`/${kind}`, { kind })));
  assert.deepEqual(
    volumes.filter(({ isRemote }) => isRemote).map(({ path }) => path),
    ['/nfs4', '/ceph', '/fuse.s3fs', '/something-new'],
  );
});

test('of mounts on top of each other the last one counts', () => {
  const [volume, ...others] = volumesOf([mount('/data'), mount('/data', { kind: 'nfs' })]);
  assert.deepEqual([volume?.isRemote, others.length], [true, 0]);
});

test('there are at most 32', () => {
  assert.equal(paths(...Array.from({ length: 40 }, (_, i) => mount(`/v${i}`))).length, 32);
});
