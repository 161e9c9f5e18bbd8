/** The yardsticks are measured first: each program's line is held against what the kernel says of it from outside. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProgramName, programCommand, startProgram, type Truths } from '../harness.ts';

const skip = process.platform === 'linux' ? false : 'the programs read /proc';

/** Two counters, each cut down to a tick of 10 ms, and what Node uses after its last line. */
const CPU_BOUND_SECONDS = 0.04;
/** More than Node takes to start three threads, on a slow machine too. */
const BURNED_SECONDS = 1.5;

/** Runs a program below a shell, whose `times` says what all of its descendants used, in whole ticks. */
function runBelowShell<Name extends ProgramName>(name: Name, ...args: (string | number)[]) {
  const output = execFileSync('sh', ['-c', '"$@"; times', 'sh', ...programCommand(name, ...args)], {
    encoding: 'utf8',
  });
  const [line = '', , children = ''] = output.split('\n');
  const cpuSeconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
  return { truth: JSON.parse(line) as Truths[Name], cpuSeconds };
}

/** Fields of /proc/PID/stat from the third on, with the name before them. */
function statOf(pid: number) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const end = stat.lastIndexOf(')');
  const [, ppid, , session] = stat
    .slice(end + 2)
    .split(' ')
    .map(Number);
  return { comm: stat.slice(stat.indexOf('(') + 1, end), ppid, session };
}

function assertNear(actual: number, expected: number, bound: number): void {
  assert.ok(Math.abs(actual - expected) <= bound, `${actual} is not within ${bound} of ${expected}`);
}

for (const threads of [1, 3]) {
  test(`burn uses the CPU time that was asked for, with ${threads} thread(s)`, { skip }, () => {
    const { truth, cpuSeconds } = runBelowShell('burn', BURNED_SECONDS, threads);

    assertNear(truth.cpuSeconds, BURNED_SECONDS, 0.005);
    assertNear(cpuSeconds, truth.cpuSeconds, CPU_BOUND_SECONDS);
  });
}

test('children counts what its short-lived children used', { skip }, () => {
  const { truth, cpuSeconds } = runBelowShell('children', 40, 5);

  assert.equal(truth.children, 41);
  assert.ok(truth.childrenCpuSeconds > 0.15, `${truth.childrenCpuSeconds} s is too little for 40 children`);
  assertNear(cpuSeconds, truth.cpuSeconds + truth.childrenCpuSeconds, CPU_BOUND_SECONDS);
});

test('write writes exactly what was asked for', { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-write-'));
  t.after(() => rmSync(folder, { recursive: true }));

  const { truth, ended } = startProgram('write', 3, '--fsync', folder);
  const { file, bytes, io } = await truth;

  assert.equal(bytes, 3 * 2 ** 20);
  assert.equal(statSync(file).size, bytes);
  assertNear(io.wchar ?? 0, bytes, 1_000);
  assert.deepEqual(await ended, { code: 0, signal: null });
});

test('hold holds its memory until it ends and knows its peak', { skip }, async () => {
  const program = startProgram('hold', 64, 2);
  await sleep(1500);
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${program.pid}/status`, 'latin1'));
  const { heldBytes, peakRssBytes } = await program.truth;

  const seenBytes = Number(peak?.[1]) * 1024;
  assert.ok(seenBytes > heldBytes, `${seenBytes} in the middle of holding ${heldBytes}`);
  assert.ok(peakRssBytes >= seenBytes && peakRssBytes < seenBytes + 32 * 2 ** 20, `${peakRssBytes}`);
});

test('the daemon leaves its session and outlives its starter', { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-daemon-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'truth');

  const { truth, ended } = startProgram('daemon', 0.5, file);
  const { pid, daemonPid } = await truth;
  await ended;

  const daemon = statOf(daemonPid);
  assert.notEqual(daemon.ppid, pid);
  assert.notEqual(daemon.session, statOf(process.pid).session);
  while (statSync(file).size === 0) await sleep(20);
  assertNear(JSON.parse(readFileSync(file, 'utf8')).cpuSeconds, 0.5, 0.005);
});

test('threads keeps one thread busy, and the waiting ones use nothing meanwhile', { skip }, () => {
  const { truth, cpuSeconds } = runBelowShell('threads', 1.5, 3);

  assert.equal(truth.waiters, 3);
  // Four busy threads would use two cores for 1.5 s at least; the start of Node is in it, too.
  assert.ok(truth.busySeconds > 0.04 && truth.busySeconds < 2.5, `${truth.busySeconds} s`);
  assert.ok(cpuSeconds >= truth.busySeconds - CPU_BOUND_SECONDS, `${cpuSeconds} < ${truth.busySeconds} s`);
});

test('exit-at ends with the code that was asked for, and not before its time', { skip }, async () => {
  const { truth, ended } = startProgram('exit-at', 120, 7);
  const { startedAtMs, endsAtMs } = await truth;

  assert.ok(endsAtMs - startedAtMs >= 119, `${endsAtMs - startedAtMs} ms`);
  assert.deepEqual(await ended, { code: 7, signal: null });
});

for (const name of ['SIGTERM', 'SIGKILL', 'SIGSEGV']) {
  test(`signal dies of ${name}`, { skip }, async () => {
    assert.equal((await startProgram('signal', name).ended).signal, name);
  });
}

test('tree says who is who while all of its processes run', { skip }, async () => {
  const { truth, ended } = startProgram('tree', 0.5);
  const { members } = await truth;

  assert.equal(members.length, 8);
  await sleep(100);
  for (const { pid, ppid, comm } of members.slice(1)) {
    const seen = statOf(pid);
    assert.deepEqual([seen.ppid, seen.comm], [ppid, comm]);
  }
  assert.deepEqual(await ended, { code: 0, signal: null });
});
