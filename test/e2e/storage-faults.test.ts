/** What goes wrong with a storage tool: each a clear error with a code, and no files left. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { MAIN, readLatest, temporaryFolder } from './measured.ts';
import { hasFio, mounted, setting, smallVolume, storage, until, wrappedFio } from './storage-setting.ts';

const NOBODY = 65_534;
const LONG = ['--runtime', '60s', '--size', '8m'];

/** The pids of the programs that work in this folder. */
function workersIn(folder: string): number[] {
  const { stdout } = spawnSync('pgrep', ['-f', '-x', `/?.*fio .*${folder}.*`], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

for (const kind of ['tmpfs', 'ext4 in a loop device'] as const) {
  test(`a volume that becomes full while the tool runs is told as that: ${kind}`, async (t) => {
    const where = setting(t);
    if (!hasFio(t) || !smallVolume(t, where, kind)) return;
    const env = wrappedFio(t, `head -c 20M /dev/zero > '${where.volume}/else'; exec /usr/bin/fio "$@"`);
    const { exitCode, stderr } = await storage(where, ['--profile', 'seqwrite', '--size', '16m'], env).ended;
    assert.match(stderr, /is full \(ENOSPC\) \[PODO_VOLUME_FULL\]/);
    assert.equal(exitCode, 2);
    assert.deepEqual(
      readdirSync(where.volume).filter((name) => name !== 'lost+found'),
      ['else'],
    );
    assert.equal((await readLatest(where.data)).run.results, undefined);
  });
}

test('many small files that fill the volume are told as that', async (t) => {
  const where = setting(t);
  if (!mounted(t, where, '-t', 'tmpfs', '-o', 'size=16m,nr_inodes=200000', 'none')) return;
  const started = storage(where, ['--tool', 'metadata', '--set', 'files=3000', '--set', 'size=4k']);
  await until(() => readdirSync(where.volume).length > 0);
  writeFileSync(join(where.volume, 'somebody-else'), Buffer.alloc(12 * 2 ** 20));
  const { stderr } = await started.ended;
  assert.match(stderr, /\[PODO_VOLUME_FULL\]/);
  assert.deepEqual(readdirSync(where.volume), ['somebody-else']);
});

test('a read-only file system is told', async (t) => {
  const where = setting(t);
  if (!hasFio(t) || !mounted(t, where, '-t', 'tmpfs', '-o', 'ro,size=600m', 'none')) return;
  const { exitCode, stderr } = await storage(where, []).ended;
  assert.match(stderr, /read-only \[PODO_VOLUME_UNUSABLE\]/);
  assert.equal(exitCode, 2);
});

test('a folder that may not be written is told', async (t) => {
  const where = setting(t);
  if (!hasFio(t)) return;
  if (process.getuid?.() !== 0) {
    t.skip('needs root, to become somebody else');
    return;
  }
  mkdirSync(where.data);
  chmodSync(join(where.volume, '..'), 0o755);
  chownSync(where.data, NOBODY, NOBODY);
  const args = [MAIN, 'storage', where.volume, '--data', where.data];
  const { status, stderr } = spawnSync(process.execPath, args, {
    uid: NOBODY,
    gid: NOBODY,
    encoding: 'utf8',
  });
  assert.match(stderr, /may not be written by this user \[PODO_VOLUME_UNUSABLE\]/);
  assert.equal(status, 2);
});

test('a tool that is not installed, or too old, is told with its package', async (t) => {
  const where = setting(t);
  const none = await storage(where, [], { PATH: '/nowhere' }).ended;
  assert.match(none.stderr, /fio is not installed \[PODO_TOOL_MISSING\]\n.*package fio/);
  const bin = temporaryFolder(t);
  writeFileSync(join(bin, 'fio'), '#!/bin/sh\necho fio-2.2.10\n', { mode: 0o755 });
  const old = await storage(where, [], { PATH: `${bin}:/bin` }).ended;
  assert.match(old.stderr, /fio is version 2\.2; 3\.0 or later is needed \[PODO_TOOL_TOO_OLD\]/);
  const ioping = ['--tool', 'ioping'];
  const noIoping = await storage(where, ioping, { PATH: '/nowhere' }).ended;
  assert.match(noIoping.stderr, /ioping is not installed \[PODO_TOOL_MISSING\]\n.*package ioping/);
  writeFileSync(join(bin, 'ioping'), '#!/bin/sh\necho ioping 0.9\n', { mode: 0o755 });
  const oldIoping = await storage(where, ioping, { PATH: `${bin}:/bin` }).ended;
  assert.match(oldIoping.stderr, /ioping is version 0\.9; 1\.1 or later is needed \[PODO_TOOL_TOO_OLD\]/);
  assert.deepEqual(readdirSync(where.volume), []);
});

test('a report that is none fails the run', async (t) => {
  if (!hasFio(t)) return;
  const where = setting(t);
  const { exitCode, stderr } = await storage(where, LONG, wrappedFio(t, 'echo hello')).ended;
  assert.match(stderr, /cannot be read: there is no JSON in it \[PODO_TOOL_REPORT\]/);
  assert.equal(exitCode, 2);
  assert.deepEqual(readdirSync(where.volume), []);
});

test('what a tool says as it fails reaches the user, without what a terminal would obey', async (t) => {
  if (!hasFio(t)) return;
  const where = setting(t);
  const env = wrappedFio(t, "printf 'the disk is on \\033[31mfire\\n' >&2; exit 3");
  const { exitCode, stderr } = await storage(where, LONG, env).ended;
  assert.match(stderr, /exit code 3 and said: the disk is on {2}\[31mfire \[PODO_TOOL_FAILED\]/);
  assert.equal(exitCode, 1);
});

test('a tool that is killed in the middle fails the run, which shows what was measured, and leaves no files', async (t) => {
  if (!hasFio(t)) return;
  const where = setting(t);
  const started = storage(where, LONG);
  await until(() => workersIn(where.volume).length > 0);
  for (const pid of workersIn(where.volume)) process.kill(pid, 'SIGKILL');
  const { exitCode, stderr } = await started.ended;
  assert.match(stderr, /fio failed: it was ended by SIGKILL \[PODO_TOOL_FAILED\]/);
  assert.equal(exitCode, 1);
  assert.deepEqual(readdirSync(where.volume), []);
  const { run } = await readLatest(where.data);
  assert.equal(run.outcome?.signal, 'SIGKILL');
  assert.ok((run.measures.samples ?? 0) > 0);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} ends the tool, leaves no files, and the run is named`, async (t) => {
    if (!hasFio(t)) return;
    const where = setting(t);
    const started = storage(where, [...LONG, '--runs', '3']);
    await until(() => workersIn(where.volume).length > 0);
    started.child.kill(signal);
    const { exitCode, stderr } = await started.ended;
    assert.match(stderr, new RegExp(`ended by ${signal}; .* removed; fio-quick@1 shows what was measured`));
    assert.equal(exitCode, { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal]);
    assert.deepEqual(readdirSync(where.volume), []);
    assert.deepEqual(workersIn(where.volume), []);
  });
}

test('signals that come while the files are removed do not leave any', async (t) => {
  const where = setting(t);
  const started = storage(where, ['--tool', 'metadata', '--set', 'files=60000']);
  const count = (): number => readdirSync(where.volume, { recursive: true }).length;
  await until(() => count() > 20_000);
  const timer = setInterval(() => started.child.kill('SIGINT'), 2);
  await started.ended;
  clearInterval(timer);
  assert.equal(count(), 0);
});

test('the tool of a podometer that is killed ends too; what is left is removed by the next one, which says so', async (t) => {
  if (!hasFio(t)) return;
  const where = setting(t);
  const temporary = temporaryFolder(t);
  const killed = storage(where, LONG, { TMPDIR: temporary });
  await until(() => workersIn(where.volume).length > 0);
  killed.child.kill('SIGKILL');
  await until(() => workersIn(where.volume).length === 0);
  await killed.ended;
  assert.deepEqual(readdirSync(temporary), []);
  const [left = ''] = readdirSync(where.volume);
  assert.match(left, /^podometer-storage-/);
  const { exitCode, stderr } = await storage(where, ['--runtime', '1s', '--size', '4m']).ended;
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, new RegExp(`removed .*${left}`));
  assert.deepEqual(readdirSync(where.volume), []);
});

test('while the tool of a podometer that was killed works on, nothing is removed or measured beside it', async (t) => {
  if (!hasFio(t)) return;
  const where = setting(t);
  const detached = wrappedFio(t, '/usr/bin/fio "$@"');
  writeFileSync(join(String(detached.PATH).split(':')[0] ?? '', 'setpriv'), '#!/bin/sh\nexit 1\n', {
    mode: 0o755,
  });
  const killed = storage(where, LONG, detached);
  await until(() => workersIn(where.volume).length > 0);
  t.after(() => {
    for (const pid of workersIn(where.volume)) process.kill(pid, 'SIGKILL');
  });
  const [folder = ''] = readdirSync(where.volume);
  await until(() => /"tool":\d/.test(readFileSync(join(where.volume, folder, '.owner.json'), 'utf8')));
  killed.child.kill('SIGKILL');
  const { exitCode, stderr } = await storage(where, ['--runtime', '1s', '--size', '4m']).ended;
  assert.match(
    stderr,
    /is still being measured: .*process \d+, works on \[PODO_VOLUME_REFUSED\]\n.*kill \d+/,
  );
  assert.equal(exitCode, 2);
  assert.deepEqual(readdirSync(where.volume), [folder]);
});

test('a job file that would work on other people’s files, or run programs, does neither', async (t) => {
  if (!hasFio(t)) return;
  const where = setting(t);
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'dear'), 'thesis');
  const touch = `exec_prerun=touch ${folder}/ran`;
  const outside = `filename=../../${basename(folder)}/dear`;
  writeFileSync(join(folder, 'part'), `${outside}\n`);
  for (const line of [`include ${folder}/part`, outside, touch, `write_bw_log=${folder}/log`]) {
    const file = join(folder, 'my.fio');
    writeFileSync(file, `[one]\nrw=write\nsize=4k\n${line}\n`);
    const { exitCode, stderr } = await storage(where, ['--fio-job', file]).ended;
    assert.match(stderr, /\[PODO_VOLUME_REFUSED\]/, line);
    assert.equal(exitCode, 2);
  }
  assert.equal(readFileSync(join(folder, 'dear'), 'utf8'), 'thesis');
  assert.deepEqual(readdirSync(folder).toSorted(), ['dear', 'my.fio', 'part']);
  assert.deepEqual(readdirSync(where.volume), []);
});

test('a block device and a folder that is not empty are refused, and hold what they held', async (t) => {
  if (!hasFio(t)) return;
  const where = setting(t);
  mkdirSync(join(where.volume, 'photos'));
  const refused = await storage(where, []).ended;
  assert.match(refused.stderr, /it holds "photos" \[PODO_VOLUME_REFUSED\]/);
  const image = join(where.volume, 'image');
  writeFileSync(image, Buffer.alloc(2 ** 20, 7));
  const attached = spawnSync('losetup', ['--find', '--show', image], { encoding: 'utf8' });
  const device = attached.stdout.trim();
  if (attached.status !== 0) {
    t.skip(`needs a loop device: ${attached.stderr.trim()}`);
    return;
  }
  t.after(() => spawnSync('losetup', ['-d', device]));
  const { stderr } = await storage({ ...where, volume: device }, []).ended;
  assert.match(stderr, /is a block device, and what it holds would be destroyed \[PODO_VOLUME_REFUSED\]/);
  assert.ok(readFileSync(image).every((byte) => byte === 7));
  const allowed = await storage({ ...where, volume: device }, [
    '--allow-device',
    '--runtime',
    '1s',
    '--size',
    '1m',
  ]).ended;
  assert.equal(allowed.exitCode, 0, allowed.stderr);
  const job = join(temporaryFolder(t), 'my.fio');
  writeFileSync(job, '[one]\nrw=read\nsize=64k\n');
  for (const ofFiles of [
    ['--fio-job', job],
    ['--tool', 'metadata'],
  ]) {
    const { stderr } = await storage({ ...where, volume: device }, ['--allow-device', ...ofFiles]).ended;
    assert.match(stderr, /is a block device, and what \w+ is asked for works with files/);
  }
  const tooLarge = await storage({ ...where, volume: device }, ['--allow-device', '--size', '64m']).ended;
  assert.match(tooLarge.stderr, /has 1 MiB, and 64 MiB are to be worked on \[PODO_VOLUME_FULL\]/);
});

test('a device that is mounted is not worked on, whatever is allowed', async (t) => {
  if (!hasFio(t)) return;
  const where = setting(t);
  const image = join(where.volume, '..', 'image');
  spawnSync('truncate', ['-s', '16M', image]);
  spawnSync('mkfs.ext4', ['-q', image]);
  if (!mounted(t, where, '-o', 'loop', image)) return;
  const { stdout } = spawnSync('findmnt', ['-n', '-o', 'SOURCE', where.volume], { encoding: 'utf8' });
  const device = { ...where, volume: stdout.trim() };
  const { exitCode, stderr } = await storage(device, ['--allow-device', '--size', '1m']).ended;
  assert.match(stderr, /is mounted or used otherwise \[PODO_VOLUME_UNUSABLE\]/);
  assert.equal(exitCode, 2);
});
