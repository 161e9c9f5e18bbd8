import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { test } from 'node:test';

/** Runs in a process of its own, without any right over the one that it looks at. */
const LOOK = `
  const { ProcFile } = await import('./agent/procfs/proc-file.ts');
  const { StatFile } = await import('./agent/procfs/stat.ts');
  const { countOpenFiles } = await import('./agent/procfs/fd-count.ts');
  const { environmentHolds } = await import('./agent/procfs/environ.ts');
  const { readCommandLine } = await import('./agent/procfs/cmdline.ts');
  const pid = Number(process.argv[1]);
  const open = (name) => ProcFile.open('/proc/' + pid + '/' + name);
  const files = countOpenFiles('/proc', pid);
  console.log(JSON.stringify({
    io: open('io'),
    smapsRollup: open('smaps_rollup'),
    uid: process.getuid(),
    stat: StatFile.open('/proc', pid)?.read(),
    environ: environmentHolds('/proc', pid, 'PATH', '/bin'),
    args: readCommandLine('/proc', pid),
    files: files > 0 || Number.isNaN(files),
  }));`;

async function sleeper(t: TestContext): Promise<number> {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  t.after(() => child.kill('SIGKILL'));
  return child.pid ?? 0;
}

test("another user's process is denied where its owner alone may look, and read everywhere else", async (t) => {
  if (process.getuid?.() !== 0) return t.skip('needs root to become another user');
  const pid = await sleeper(t);
  const drop = ['--reuid=65534', '--regid=65534', '--clear-groups', '--bounding-set=-all', '--inh-caps=-all'];
  const node = [process.execPath, '--input-type=module', '-e', LOOK, String(pid)];
  const seen = JSON.parse(execFileSync('setpriv', [...drop, ...node], { encoding: 'utf8' }));
  assert.deepEqual(seen, {
    io: 'denied',
    smapsRollup: 'denied',
    uid: 65_534,
    stat: 'read',
    environ: 'no',
    args: ['sleep', '60'],
    files: true,
  });
});
