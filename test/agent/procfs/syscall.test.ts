import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { parseSyscall } from '../../../agent/procfs/syscall.ts';

const CLOCK_NANOSLEEP = { x64: 230, arm64: 115 }[process.arch as 'x64' | 'arm64'];

test('a thread that runs is in no system call', () => {
  assert.equal(parseSyscall(readFileSync('test/fixtures/cgroup-v2-throttled/proc/syscall')), undefined);
  assert.equal(parseSyscall(Buffer.alloc(0)), undefined);
});

test('a thread that waits for a page is outside of any', () => {
  assert.equal(parseSyscall(Buffer.from('-1 0x7ffe14e763f8 0x7f492c31c503\n')), -1);
});

test('a real process that sleeps is in the call for it', async (t) => {
  const child = spawn('sleep', ['60']);
  t.after(() => child.kill());
  await wait(200);
  assert.equal(parseSyscall(readFileSync(`/proc/${child.pid}/syscall`)), CLOCK_NANOSLEEP);
});
