import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fio } from '../../../agent/storage-tools/fio.ts';
import { storageTools } from '../../../agent/storage-tools/index.ts';
import type { ToolPlace } from '../../../agent/storage-tools/tool.ts';
import { toolOptions } from '../../../agent/storage-tools/tool-options.ts';
import { PodometerError } from '../../../protocol/errors.ts';
import { fioProfileNames } from '../../../protocol/storage-options.ts';

const folder: ToolPlace = { path: '/mnt/work', isDevice: false, hasDirectIo: true };

const isUsageError = (message: RegExp) => (error: unknown) =>
  error instanceof PodometerError && error.code === 'PODO_USAGE' && message.test(error.message);

function jobFile(t: TestContext, text: string): string {
  const path = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(path, { recursive: true }));
  writeFileSync(join(path, 'my.fio'), text);
  return join(path, 'my.fio');
}

test('every tool has defaults for all that it needs, and a description of each option', () => {
  for (const tool of storageTools) {
    const { neededBytes, neededFiles } = tool.plan(toolOptions(tool, {}));
    assert.ok(neededBytes > 0 && neededFiles > 0, tool.name);
    for (const option of Object.values(tool.options.properties)) {
      assert.match(String((option as { description?: string }).description), /\w/);
    }
  }
});

test('texts of the command line become what the schema says', () => {
  assert.equal(toolOptions(fio, { jobs: '4' }).jobs, 4);
});

test('an option that the tool lacks, and a value that it does not take, are named', () => {
  assert.throws(() => toolOptions(fio, { deph: '4' }), isUsageError(/fio has no option "deph"/));
  assert.throws(() => toolOptions(fio, { profile: 'quik' }), isUsageError(/profile of fio is "quik"/));
  assert.throws(() => toolOptions(fio, { size: '1x' }), isUsageError(/size of fio is "1x"/));
  assert.throws(() => toolOptions(fio, { jobs: '0' }), isUsageError(/jobs of fio is "0"/));
});

test('each profile of fio has its size and time, which the options change', () => {
  for (const profile of fioProfileNames) {
    const plan = fio.plan(toolOptions(fio, { profile, size: '8m', runtime: '2m', jobs: 3 }));
    assert.equal(plan.runtimeSeconds, 120);
    assert.equal(plan.neededBytes % (3 * 8 * 2 ** 20), 0);
    assert.ok(plan.command(folder).includes('--runtime=120'));
  }
  assert.equal(fio.plan(toolOptions(fio, {})).neededBytes, 256 * 2 ** 20);
});

test('where direct IO does not work, it is not asked for', () => {
  const command = fio.plan(toolOptions(fio, {})).command({ ...folder, hasDirectIo: false });
  assert.ok(command.includes('--direct=0') && command.includes('--ioengine=psync'));
});

test('a device is only opened for reading where the profile only reads', () => {
  const device = { ...folder, path: '/dev/x', isDevice: true };
  const commandOf = (profile: string) => fio.plan(toolOptions(fio, { profile })).command(device);
  assert.ok(commandOf('randread').includes('--readonly'));
  assert.ok(commandOf('randread').includes('--filename=/dev/x'));
  assert.ok(!commandOf('mixed').includes('--readonly'));
});

test('the space that a job file needs is counted over its jobs and their copies', (t) => {
  const text = '; mine\n[global]\nsize=4m\n\n[one]\nrw=read\nnumjobs=3\n[two]\nsize = 16m\nthread\n[one]\n';
  const plan = fio.plan(toolOptions(fio, { jobFile: jobFile(t, text) }));
  assert.equal(plan.neededBytes, (3 * 4 + 16 + 4) * 2 ** 20);
  assert.equal(plan.neededFiles, 5);
});

test('a job file that names files of its own is refused, for they could be anybody’s', (t) => {
  for (const line of ['filename=/dev/sda', ' directory = /home', 'filename_format=/tmp/$jobnum']) {
    const file = jobFile(t, `[global]\n${line}\n[job]\nrw=write\n`);
    assert.throws(
      () => fio.plan(toolOptions(fio, { jobFile: file })),
      (error) => error instanceof PodometerError && error.code === 'PODO_VOLUME_REFUSED',
      line,
    );
  }
});

test('a job file that is not there is told', () => {
  assert.throws(
    () => fio.plan(toolOptions(fio, { jobFile: '/nowhere/my.fio' })),
    isUsageError(/\/nowhere\/my\.fio cannot be read \(ENOENT\)/),
  );
});
