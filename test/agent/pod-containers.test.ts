import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { PodContainers } from '../../agent/pod-containers.ts';
import { StatFile } from '../../agent/procfs/stat.ts';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'containerd-pod');
const OLD = 60_000;

interface FakeProcess {
  readonly pid: number | 'self';
  readonly comm?: string;
  /** Of the captured pod, whose mounts it has; undefined: none of a container. */
  readonly like?: 'sleep' | 'node' | 'pause';
  readonly cgroup: string;
}

/** A /proc of the agent and some processes. */
function procOf(t: TestContext, processes: readonly FakeProcess[]): string {
  const root = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(root, { recursive: true }));
  const agent: FakeProcess = { pid: 'self', like: 'node', cgroup: '/pod/agent' };
  for (const { pid, comm = 'sleep', like = 'pause', cgroup } of [agent, ...processes]) {
    const folder = join(root, String(pid));
    mkdirSync(folder);
    cpSync(join(FIXTURES, `${like}.mountinfo`), join(folder, 'mountinfo'));
    writeFileSync(join(folder, 'cgroup'), `0::${cgroup}\n`);
    writeFileSync(join(folder, 'stat'), `${pid} (${comm}) S 0 ${Array(48).fill('0').join(' ')}\n`);
  }
  return root;
}

function containersOf(procRoot: string, asked?: readonly string[]) {
  const opened: (string | undefined)[][] = [];
  const warnings: string[] = [];
  const containers = new PodContainers({
    procRoot,
    asked,
    onContainer: ({ name }, _pid, note) => opened.push([name, note]),
    warn: (message) => warnings.push(message),
  });
  const of = (pid: number, ageMs = OLD): string => {
    const stat = StatFile.open(procRoot, pid);
    assert.ok(stat instanceof StatFile);
    const belonging = containers.of(stat, ageMs);
    stat.close();
    return belonging.kind === 'container' ? belonging.container.name : belonging.kind;
  };
  return { of, opened, warnings };
}

test('a process is in the container that its mounts name, and its cgroup is asked once', (t) => {
  const processes: FakeProcess[] = [
    { pid: 7, like: 'sleep', cgroup: '/pod/app' },
    { pid: 8, cgroup: '/pod/app' },
  ];
  const { of, opened } = containersOf(procOf(t, processes));

  assert.equal(of(7), 'app');
  // Without a mount of its own, but in the cgroup that is known by now.
  assert.equal(of(8), 'app');
  assert.deepEqual(opened, [['app', undefined]]);
});

test('the pause process and the agent’s own container are nobody’s targets', (t) => {
  const processes: FakeProcess[] = [
    { pid: 1, cgroup: '/pod/pause' },
    { pid: 9, like: 'node', cgroup: '/pod/agent' },
  ];
  const { of, opened } = containersOf(procOf(t, processes));

  assert.deepEqual([of(1), of(9)], ['stranger', 'stranger']);
  assert.deepEqual(opened, []);
});

test('a container that was not asked for is a stranger', (t) => {
  const { of } = containersOf(procOf(t, [{ pid: 7, like: 'sleep', cgroup: '/pod/app' }]), ['other']);

  assert.equal(of(7), 'stranger');
});

test('what the runtime still sets up is asked again', (t) => {
  const processes: FakeProcess[] = [
    { pid: 7, comm: 'runc:[2:INIT]', like: 'sleep', cgroup: '/pod/app' },
    { pid: 8, cgroup: '/pod/new' },
  ];
  const { of } = containersOf(procOf(t, processes));

  assert.deepEqual([of(7), of(8, 100)], ['undecided', 'undecided']);
});

test('a container whose name no mount tells is called by its cgroup, and that is said', (t) => {
  const { of, opened } = containersOf(procOf(t, [{ pid: 7, cgroup: '/pod/crio-12ab' }]));

  assert.equal(of(7), 'crio-12ab');
  assert.deepEqual(opened, [
    ['crio-12ab', 'the name of container crio-12ab is not to be known: no mount tells it'],
  ]);
});

test('where containers are named, one whose name no mount tells is not measured, and that is said once', (t) => {
  const processes: FakeProcess[] = [
    { pid: 7, cgroup: '/pod/crio-12ab' },
    { pid: 8, cgroup: '/pod/crio-12ab' },
  ];
  const { of, opened, warnings } = containersOf(procOf(t, processes), ['main', 'proxy']);

  assert.deepEqual([of(7), of(8)], ['stranger', 'stranger']);
  assert.deepEqual(opened, []);
  assert.deepEqual(warnings, [
    'container crio-12ab is not measured: no mount tells its name, so that it may be main or proxy or not',
  ]);
});

test('processes of containers that share the agent’s cgroup are told apart by their mounts', (t) => {
  const processes: FakeProcess[] = [
    { pid: 7, like: 'sleep', cgroup: '/pod/agent' },
    { pid: 8, cgroup: '/pod/agent' },
  ];
  const { of } = containersOf(procOf(t, processes));

  assert.deepEqual([of(7), of(8)], ['app', 'stranger']);
});
