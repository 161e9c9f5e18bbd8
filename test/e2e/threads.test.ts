import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { threadColumns } from '../../protocol/metrics.ts';
import { programCommand, startProgram } from './harness.ts';
import { MAIN, measured, readLatest, readSeries, temporaryFolder } from './measured.ts';

const THREADS = ['--metrics', 'performance,threads', '--interval', '50ms', '--cpu-budget', '100'];

test('a busy thread and three that wait for a lock are told apart', async (t) => {
  const { run, stderr } = await measured(t, THREADS, programCommand('threads', 2, 3));
  const { wallSeconds = 0, threadRunningSeconds = 0, waitLockSeconds = 0 } = run.measures;
  assert.ok(
    threadRunningSeconds >= 1.8 && threadRunningSeconds <= 2 * wallSeconds,
    `${threadRunningSeconds}`,
  );
  assert.ok(waitLockSeconds >= 3 * 1.8, `${waitLockSeconds} s of waiting for locks`);
  assert.match(stderr, /threads +\d+ % running, \d+ % waiting for disk, \d+ % sleeping\n/);
  assert.match(stderr, /waits +\d+ % locks/);
});

test('a process that waits for a file lock, and its parent that waits for it, are told by what they wait for', async (t) => {
  const file = join(temporaryFolder(t), 'lock');
  const script = `flock ${file} sleep 1.2 & sleep 0.2; flock ${file} true; wait`;
  const { run } = await measured(t, THREADS, ['sh', '-c', script]);
  const { wallSeconds = 0, waitLockSeconds = 0, waitChildSeconds = 0, waitTimerSeconds = 0 } = run.measures;
  assert.ok(waitLockSeconds > 0.7 && waitLockSeconds < 1.3, `${waitLockSeconds} s for the lock`);
  assert.ok(waitTimerSeconds > 1 && waitTimerSeconds < 1.7, `${waitTimerSeconds} s for a time`);
  // The shell waits for its children from beginning to end, and one flock for its own.
  assert.ok(
    waitChildSeconds > 1.8 && waitChildSeconds < 2 * wallSeconds,
    `${waitChildSeconds} s for children`,
  );
});

test('the time of a thread in all states is the time that its process lived', async (t) => {
  const { run } = await measured(t, ['--metrics', 'threads', '--interval', '1s'], ['sleep', '1.5']);
  const { wallSeconds = 0, threadRunningSeconds = 0, threadSleepingSeconds = 0 } = run.measures;
  const { threadUninterruptibleSeconds = 0 } = run.measures;
  const all = threadRunningSeconds + threadSleepingSeconds + threadUninterruptibleSeconds;
  assert.ok(Math.abs(all - wallSeconds) < 0.06, `${all} s of ${wallSeconds} s`);
});

test('who may not trace a process sees its states, and of its waits nothing', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('needs root to become another user');
  const data = temporaryFolder(t);
  chmodSync(data, 0o777);
  // Long enough for a podometer that starts on a busy machine.
  const program = startProgram('threads', 6, 1);
  const drop = ['--reuid=65534', '--regid=65534', '--clear-groups', '--bounding-set=-all', '--inh-caps=-all'];
  const command = [process.execPath, MAIN, 'run', ...THREADS, '--data', data, '--pid', String(program.pid)];
  await promisify(execFile)('setpriv', [...drop, ...command]);
  const names = threadColumns.map(({ name }) => name);
  const seen = [...(await readSeries(data, names)).keys()].sort();
  assert.deepEqual(seen, names.filter((name) => name.startsWith('thread')).sort());
  const { run } = await readLatest(data);
  assert.ok((run.measures.threadRunningSeconds ?? 0) > 0.5);
  assert.equal(run.measures.waitLockSeconds, undefined);
  await program.ended;
});
