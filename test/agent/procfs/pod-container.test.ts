import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseMounts } from '../../../agent/procfs/mounts.ts';
import { cgroupIdOf, podContainerOf, readPodContainer } from '../../../agent/procfs/pod-container.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures', 'containerd-pod');

function captured(name: string): string {
  return readFileSync(join(FIXTURES, name), 'utf8');
}

test('the mount of the termination log tells pod, container and incarnation', () => {
  const podUid = 'c1e9d4e6-10ca-4eec-9529-7c150debfcde';

  assert.deepEqual(podContainerOf(parseMounts(captured('sleep.mountinfo'))), {
    podUid,
    name: 'app',
    incarnation: '866a3fb3',
  });
  assert.deepEqual(podContainerOf(parseMounts(captured('node.mountinfo'))), {
    podUid,
    name: 'agent',
    incarnation: '708bdab5',
  });
});

test('the pause process is in no container', () => {
  assert.equal(podContainerOf(parseMounts(captured('pause.mountinfo'))), undefined);
});

test('a process that is gone is told from one that has no such mount', () => {
  assert.equal(readPodContainer('/nowhere', 1), 'gone');
});

test('a container without a name is called by the last part of its cgroup', () => {
  const id = '58586925eeadbadb0759d7e441ff39a5a202a35b6f63b733204486896ca2f2d7';

  assert.equal(cgroupIdOf(captured('sleep.cgroup')), id);
  assert.equal(cgroupIdOf(`0::/../cri-containerd-${id}.scope\n`), `cri-containerd-${id}.scope`);
  assert.equal(cgroupIdOf('0::/\n'), '/');
});
