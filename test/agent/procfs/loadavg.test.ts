import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { readLastPid } from '../../../agent/procfs/loadavg.ts';

test('the number moves on when a process begins', async () => {
  const before = readLastPid('/proc');
  const child = spawn('true');
  await once(child, 'exit');
  assert.notEqual(readLastPid('/proc'), before);
});
