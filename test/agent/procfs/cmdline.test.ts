import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { readCommandLine } from '../../../agent/procfs/cmdline.ts';

test('arguments come apart, blanks in them and all', async () => {
  const child = spawn('sleep', ['60', '0.1'], { argv0: 'my sleep' });
  await once(child, 'spawn');
  assert.deepEqual(readCommandLine('/proc', child.pid ?? 0), ['my sleep', '60', '0.1']);
  child.kill();
});

test('a process that is not there has none', () => {
  assert.equal(readCommandLine('/proc', 4_194_304), undefined);
});
