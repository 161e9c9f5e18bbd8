import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { podometerProcess } from './podometer.ts';

const SOURCE = join(import.meta.dirname, '../../cli/process-output.ts');

test('writing leaves a pipe that others share as blocking as it was', () => {
  const script = `
    const { readFileSync } = await import('node:fs');
    const { processOutput } = await import(${JSON.stringify(SOURCE)});
    const flags = () => readFileSync('/proc/self/fdinfo/1', 'latin1').match(/flags:\\s*(\\d+)/)[1];
    const before = flags();
    const output = processOutput({ fd: 1, env: {}, dropFailures: false, terminal: () => process.stdout });
    output.write('columns ' + output.columns + ' ');
    output.write(before === flags() ? 'same' : 'changed');`;
  const { stdout, stderr } = spawnSync('sh', [
    '-c',
    '"$0" --input-type=module -e "$1" | cat',
    process.execPath,
    script,
  ]);
  assert.equal(String(stdout), 'columns Infinity same', String(stderr));
});

test('what is larger than a pipe arrives whole at a slow reader', () => {
  const script = `
    const { processOutput } = await import(${JSON.stringify(SOURCE)});
    const output = processOutput({ fd: 1, env: {}, dropFailures: false, terminal: () => process.stdout });
    // As another process that shares the pipe may have left it: O_NONBLOCK.
    process.stdout;
    output.write('x'.repeat(1_000_000));`;
  const command = '"$0" --input-type=module -e "$1" | (sleep 0.2; wc -c)';
  const { stdout } = spawnSync('sh', ['-c', command, process.execPath, script]);
  assert.equal(Number(stdout), 1_000_000);
});

test('the exit code of the process is that of the command', async () => {
  assert.equal((await podometerProcess(['--version'])).code, 0);
  const { code, stdout, stderr } = await podometerProcess(['show']);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /^podometer: show is given too little \[PODO_USAGE\]\n/);
});
