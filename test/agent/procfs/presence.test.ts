import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { isAtWork, isThere } from '../../../agent/procfs/presence.ts';

const LINUX = process.platform === 'linux' ? false : 'there is no /proc';

test('a process is there until it has ended and was waited for', { skip: LINUX }, async () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  const pid = child.pid ?? 0;
  assert.equal(isThere('/proc', pid), true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(isThere('/proc', pid), false);
});

test('a process that /proc hides is there as long as it can be signalled', (t) => {
  const hiding = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmdirSync(hiding));
  assert.equal(isThere(hiding, process.pid), true);
});

test('a process that has ended is no more at work, though it was not waited for yet', {
  skip: LINUX,
}, async (t) => {
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.after(() => parent.kill('SIGKILL'));
  const [line] = await once(parent.stdout, 'data');
  const child = Number(line);
  assert.equal(isAtWork('/proc', child), true);
  process.kill(child, 'SIGKILL');
  while (isAtWork('/proc', child)) await setTimeout(5);
  assert.equal(isThere('/proc', child), true);
});

test('a process whose /proc cannot be read is at work as long as it can be signalled', (t) => {
  const hiding = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmdirSync(hiding));
  assert.equal(isAtWork(hiding, process.pid), true);
});
