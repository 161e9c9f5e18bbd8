/** The agent among real containers, made by podman and runc from the machine's own file system. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { agentEnvironment } from '../../../protocol/names.ts';
import { targets } from '../measured.ts';
import { imported } from './imported.ts';
import { POD_UID } from './pod-world.ts';

const SOURCE = join(import.meta.dirname, '..', '..', '..');
/** Limits that any container may have; those of podman's own choice are above what some machines allow. */
const RUN = ['--runtime', 'runc', 'run', '--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1000:1000'];
const ROOT_FS = ['--network', 'host', '--rootfs', '/:O'];

function podman(...args: readonly string[]): string {
  return execFileSync('podman', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

function skipReason(): string | false {
  if (process.getuid?.() !== 0) return 'only root may make containers here';
  for (const program of ['podman', 'runc']) {
    if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) return `${program} is not installed`;
  }
  const { status, stderr } = spawnSync('podman', [...RUN, '--rm', ...ROOT_FS, 'true'], { encoding: 'utf8' });
  return status === 0 ? false : `podman cannot run a container here: ${stderr.trim().split('\n').at(-1)}`;
}

/** A folder that holds what the kubelet would mount. */
function kubeletFolder(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-podman-'));
  chmodSync(folder, 0o755);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const spool = join(folder, 'spool');
  mkdirSync(spool);
  const terminationLog = (container: string): string => {
    const path = join(folder, 'pods', POD_UID, 'containers', container, '1a2b3c4d');
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, '');
    return `${path}:/dev/termination-log`;
  };
  return { spool, terminationLog };
}

test('a container that runc made is measured under the name that the kubelet gave it', {
  skip: skipReason(),
}, async (t) => {
  const { spool, terminationLog } = kubeletFolder(t);
  const start = (...args: readonly string[]): string => podman(...RUN, '--detach', ...args);
  const pause = start(...ROOT_FS, 'sleep', 'infinity');
  t.after(() => podman('rm', '--force', '--depend', '--time', '0', pause));
  const shared = ['--pid', `container:${pause}`];
  const env = {
    [agentEnvironment.podName]: 'pod-1',
    [agentEnvironment.podUid]: POD_UID,
    [agentEnvironment.namespace]: 'team',
    [agentEnvironment.interval]: '200ms',
    [agentEnvironment.spool]: '/spool',
    [agentEnvironment.lifecycle]: 'container',
  };
  const agent = start(
    ...shared,
    ...['--cap-drop', 'ALL', '--cap-add', 'SYS_PTRACE', '--cap-add', 'DAC_OVERRIDE'],
    ...['--volume', terminationLog('podometer-agent'), '--volume', `${spool}:/spool`],
    ...['--volume', `${SOURCE}:/podometer:ro`],
    ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...ROOT_FS,
    ...['/podometer/node_modules/.bin/node', '/podometer/cli/main.ts', 'agent'],
  );
  const work =
    'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; head -c 400000 /dev/zero >/dev/null; sleep 1';
  const app = start(
    ...shared,
    ...['--user', '1000:1000', '--volume', terminationLog('app')],
    ...ROOT_FS,
    ...['sh', '-c', work],
  );
  assert.equal(podman('wait', app), '0');
  assert.equal(podman('wait', agent), '0');

  const { run, processes, directory } = await imported(t, spool);
  assert.deepEqual(
    directory.containers.map(({ name }) => name),
    ['app'],
  );
  assert.ok(targets(processes).some(({ comm }) => comm === 'sh'));
  assert.ok((run.measures.wcharBytes ?? 0) >= 400_000, String(run.measures.wcharBytes));
  const { stderr } = spawnSync('podman', ['logs', agent], { encoding: 'utf8' });
  assert.match(stderr, /app: sees counters, io, open files, PSS, cgroup/);
});
