import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readTaskSums } from '../../../agent/procfs/tasks.ts';

function sums(pid: number): number[] {
  const into = new Float64Array(3);
  readTaskSums('/proc', pid, Number.NaN, into);
  return [...into];
}

test('the sum over the threads is more than what the main thread alone shows', () => {
  const before = Number(
    /\nvoluntary_ctxt_switches:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1],
  );
  const [voluntary = 0, involuntary = -1, delay = -1] = sums(process.pid);
  assert.ok(voluntary > before);
  assert.ok(involuntary >= 0 && delay >= 0);
});

test('a process that is gone has no sums', async () => {
  const child = spawn('true');
  await once(child, 'exit');
  assert.deepEqual(sums(child.pid ?? 0), [Number.NaN, Number.NaN, Number.NaN]);
});

test('a process with one thread is read without listing its threads', async (t) => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  t.after(() => child.kill());
  const [listed, direct] = [new Float64Array(3), new Float64Array(3)];
  readTaskSums('/proc', child.pid ?? 0, Number.NaN, listed);
  readTaskSums('/proc', child.pid ?? 0, 1, direct);
  assert.ok((direct[0] ?? 0) >= (listed[0] ?? 1) && (direct[2] ?? 0) > 0);
});
