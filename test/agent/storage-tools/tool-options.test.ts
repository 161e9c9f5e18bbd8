import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fio } from '../../../agent/storage-tools/fio.ts';
import { storageTools } from '../../../agent/storage-tools/index.ts';
import { ioping } from '../../../agent/storage-tools/ioping.ts';
import type { ToolPlace } from '../../../agent/storage-tools/tool.ts';
import { toolOptions } from '../../../agent/storage-tools/tool-options.ts';
import { PodometerError } from '../../../protocol/errors.ts';
import { fioProfileNames } from '../../../protocol/storage-options.ts';

const folder: ToolPlace = { path: '/mnt/work', isDevice: false, hasDirectIo: true };

const isUsageError = (message: RegExp) => (error: unknown) =>
  error instanceof PodometerError && error.code === 'PODO_USAGE' && message.test(error.message);

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

test('what is asked for takes the place of what the profile has, in each of its jobs', () => {
  const given = {
    profile: 'database',
    bs: '8k',
    depth: '2',
    rw: 'randread',
    rate: '1m',
    rateIops: '9',
    ramp: '2s',
  };
  const command = fio.plan(toolOptions(fio, given)).command(folder);
  for (const argument of [
    'bs=8k',
    'iodepth=2',
    'rw=randread',
    'rate=1048576',
    'rate_iops=9',
    'ramp_time=2',
  ]) {
    assert.equal(command.filter((one) => one === `--${argument}`).length, 2, argument);
  }
  assert.ok(!command.includes('--bs=4k'));
});

test('whether a device is written to is told by the pattern that is asked for, not by the profile', () => {
  const device = { ...folder, path: '/dev/x', isDevice: true };
  const writing = fio.plan(toolOptions(fio, { profile: 'randread', rw: 'randrw' }));
  assert.ok(writing.writesDevice && !writing.command(device).includes('--readonly'));
  const reading = fio.plan(toolOptions(fio, { profile: 'mixed', rw: 'read' }));
  assert.ok(!reading.writesDevice && reading.command(device).includes('--readonly'));
});

test('a size, a time and a choice that are none are told in words, with an example or the choices', () => {
  const refusal = (given: object) => {
    try {
      toolOptions(fio, { ...given });
    } catch (error) {
      return error instanceof PodometerError ? `${error.message}. ${error.mend}` : '';
    }
    return 'taken';
  };
  assert.match(refusal({ size: '1x' }), /size of fio is "1x", which is no size such as 512m or 4g/);
  assert.match(refusal({ runtime: '5' }), /runtime of fio is "5", which is no time such as 30s, 5m or 1h/);
  assert.match(refusal({ rw: 'sideways' }), /rw of fio is "sideways".*randread, randwrite/);
  assert.match(refusal({ engine: 'exec' }), /engine of fio is "exec".*libaio, io_uring/);
});

test('an interval of ioping that leaves no time for a request is refused', () => {
  const planOf = (interval: number) => ioping.plan(toolOptions(ioping, { runtime: '1s', interval }));
  assert.throws(() => planOf(5000), isUsageError(/interval of 5000 ms leaves no time .* runtime of 1 s/));
  assert.throws(() => planOf(1000), isUsageError(/leaves no time/));
  assert.equal(planOf(999).runtimeSeconds, 1);
});
