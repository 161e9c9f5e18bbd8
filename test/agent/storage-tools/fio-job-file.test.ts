import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fio } from '../../../agent/storage-tools/fio.ts';
import { fioBytes } from '../../../agent/storage-tools/quantities.ts';
import type { ToolPlace, ToolPlan } from '../../../agent/storage-tools/tool.ts';
import { toolOptions } from '../../../agent/storage-tools/tool-options.ts';
import { PodometerError } from '../../../protocol/errors.ts';
import type { ToolOptions } from '../../../protocol/storage-options.ts';
import { requirePart } from '../../require-part.ts';

const place: ToolPlace = { path: '/mnt/work', isDevice: false, hasDirectIo: true };
const MIB = 2 ** 20;

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

function jobFile(t: TestContext, text: string): string {
  const file = join(folder(t), 'my.fio');
  writeFileSync(file, text);
  return file;
}

function planOf(t: TestContext, text: string, given: ToolOptions = {}): ToolPlan {
  return fio.plan(toolOptions(fio, { ...given, 'fio-job': jobFile(t, text) }));
}

function failsWith(code: string, ...messages: readonly RegExp[]): (error: unknown) => boolean {
  return (error) =>
    error instanceof PodometerError &&
    error.code === code &&
    messages.every((message) => message.test(`${error.message} ${error.mend}`));
}

test('the space that a job file needs is counted over its jobs and their copies', (t) => {
  const text =
    '; mine\n[global]\nsize=4m # small\n\n[one]\nrw=read\nnumjobs=3\n[two]\nsize = 16m\nthread\n[one]\n';
  const plan = planOf(t, text);
  assert.equal(plan.neededBytes, (3 * 4 + 16 + 4) * MIB);
  assert.equal(plan.neededFiles, 5);
});

test('files that have a size of their own count as often as there are of them', (t) => {
  const plan = planOf(t, '[one]\nfilesize=1m-4mb\nnrfiles=3\nnumjobs=2\n');
  assert.equal(plan.neededBytes, 2 * 3 * 4 * MIB);
  assert.equal(plan.neededFiles, 6);
});

test('fio is given what was read, each job with the options of the global sections before it', (t) => {
  const text = '[global]\nsize=4m\nrw=read\n[one]\nrw=write\nstonewall\n[global]\nblocksize=8k\n[two]\n';
  const command = planOf(t, text).command(place);
  assert.deepEqual(command.slice(command.indexOf('--name=one')), [
    ...['--name=one', '--size=4m', '--rw=write', '--stonewall', '--directory=/mnt/work'],
    ...['--name=two', '--size=4m', '--rw=read', '--bs=8k', '--directory=/mnt/work'],
  ]);
});

const dangerous: Readonly<Record<string, string>> = {
  filename: 'filename=../../victim/big',
  'filename of standard output': 'filename=-',
  'filename of several': 'filename=one:/etc/two',
  filename_format: 'filename_format=/tmp/$jobnum',
  directory: ' directory = /home',
  opendir: 'opendir=/home',
  lockfile: 'lockfile=exclusive',
  include: 'include part',
  exec_prerun: 'exec_prerun=touch /tmp/x',
  exec_postrun: 'exec_postrun=touch /tmp/x',
  write_bw_log: 'write_bw_log=/tmp/x',
  write_lat_log: 'write_lat_log',
  write_iolog: 'write_iolog=/tmp/x',
  read_iolog: 'read_iolog=/tmp/x',
  ioscheduler: 'ioscheduler=none',
  cgroup: 'cgroup=mine',
  mem: 'mem=mmapshared:/home/x',
  buffer_pattern: "buffer_pattern='/etc/shadow'",
  fill_device: 'fill_device=1',
  verify_state_save: 'verify_state_save=1',
  'ioengine of a library': 'ioengine=external:/tmp/mine.so',
  'ioengine that runs programs': 'ioengine=exec',
  'a variable in a name': '$' + '{NAME}=/home',
  size: 'size=$' + '{SIZE}',
};

for (const [what, line] of Object.entries(dangerous)) {
  test(`a job file may not say ${what}, and the error names it with what helps`, (t) => {
    const [key = ''] = line.trim().split(/[ =]/);
    const named = new RegExp(key.replaceAll(/[$\x7b\x7d]/g, '.'));
    for (const section of ['global', 'job']) {
      assert.throws(
        () => planOf(t, `[${section}]\n${line}\n[job]\nrw=write\nsize=1m\n`),
        failsWith('PODO_VOLUME_REFUSED', named, /Leave that line out|The value /),
        section,
      );
    }
  });
}

test('the name of a job, after which its files are called, may not lead out of the folder', (t) => {
  assert.throws(
    () => planOf(t, '[../../victim/big]\nrw=write\nsize=1m\n'),
    failsWith('PODO_VOLUME_REFUSED', /a job \[\.\.\/\.\.\/victim\/big\]/),
  );
});

test('a line that fio would take for two is refused', (t) => {
  const text = `[job]\nsize=1m\n;${' '.repeat(4100)}exec_prerun=id\n`;
  assert.throws(() => planOf(t, text), failsWith('PODO_VOLUME_REFUSED', /too long/));
});

test('a file in the folder may be shared by jobs, and its engine chosen', (t) => {
  const command = planOf(t, '[a]\nfilename=shared.dat\nioengine=io_uring\nsize=1m\n').command(place);
  assert.ok(command.includes('--filename=shared.dat') && command.includes('--ioengine=io_uring'));
});

test('sizes and counts that are not understood are refused, and none is taken for nothing', (t) => {
  for (const line of ['size=1 gb', 'size=50%', 'size=lots', 'size=', 'numjobs=many', 'size=1m\nnrfiles=0']) {
    const job = line.startsWith('numjobs') ? `size=1m\n${line}` : line;
    assert.throws(() => planOf(t, `[job]\n${job}\n`), failsWith('PODO_USAGE', /does not understand/), line);
  }
  assert.throws(() => planOf(t, '[job]\nrw=read\n'), failsWith('PODO_USAGE', /gives \[job\] no size/));
});

test('a size and a runtime fill in what the file leaves open, and are refused where it says them', (t) => {
  const open = planOf(t, '[job]\nrw=read\nnumjobs=2\n', { size: '4m', runtime: '2s' });
  assert.equal(open.neededBytes, 8 * MIB);
  assert.ok(open.command(place).includes('--size=4m') && open.command(place).includes('--runtime=2'));
  assert.throws(
    () => planOf(t, '[job]\nsize=1g\n', { size: '4m' }),
    failsWith('PODO_USAGE', /--size 4m was given, and the job file .* has size=1g in \[job\]/),
  );
  assert.throws(
    () => planOf(t, '[job]\nsize=1m\nruntime=60\n', { runtime: '2s' }),
    failsWith('PODO_USAGE', /has runtime=60/),
  );
});

test('what a profile has is refused beside a job file, for it would be passed over', (t) => {
  for (const given of [{ profile: 'mixed' }, { jobs: '4' }, { engine: 'psync' }, { bs: '8k' }]) {
    assert.throws(
      () => planOf(t, '[job]\nsize=1m\n', given),
      failsWith('PODO_USAGE', /does not go with --fio-job/),
    );
  }
  const options = toolOptions(fio, { 'fio-job': jobFile(t, '[job]\nsize=1m\n') });
  assert.deepEqual(Object.keys(options), ['fio-job']);
});

test('a job file that is not there, or has no job, is told', (t) => {
  assert.throws(
    () => fio.plan(toolOptions(fio, { 'fio-job': '/nowhere/my.fio' })),
    failsWith('PODO_USAGE', /\/nowhere\/my\.fio cannot be read \(ENOENT\)/),
  );
  assert.throws(() => planOf(t, '[global]\nsize=1m\n'), failsWith('PODO_USAGE', /has no job/));
});

test('sizes are read as fio reads them', (t) => {
  if (!requirePart(t, 'fio', '/usr/bin/fio')) return;
  const path = folder(t);
  for (const size of ['4096', '64K', '1mb', '1mi', '2MiB']) {
    const options = ['--rw=write', '--bs=1000', '--allow_file_create=1', `--directory=${path}`];
    execFileSync('fio', ['--name=size', `--size=${size}`, ...options]);
    const { size: laidOut } = statSync(join(path, 'size.0.0'));
    assert.equal(laidOut, fioBytes(size), size);
    rmSync(join(path, 'size.0.0'));
  }
  assert.deepEqual(['1gx', '1 g', '', '-1', '1bb', '12b'].map(fioBytes), Array(6).fill(Number.NaN));
});
