import assert from 'node:assert/strict';
import { test } from 'node:test';
import { programCommand, type Truths } from './harness.ts';
import { leastOfThree } from './least-of-three.ts';
import { measured, targets, temporaryFolder } from './measured.ts';

function truth<Name extends keyof Truths>(stdout: string): Truths[Name] {
  return JSON.parse(stdout.split('\n')[0] ?? '');
}

test('two seconds of CPU are measured within 20 ms at an interval of one second', async (t) => {
  const { stdout, run } = await measured(t, ['--interval', '1s'], programCommand('burn', 2));
  const { cpuSeconds } = truth<'burn'>(stdout);
  const { cpuUserSeconds = 0, cpuSystemSeconds = 0 } = run.measures;
  assert.ok(
    Math.abs(cpuUserSeconds + cpuSystemSeconds - cpuSeconds) <= 0.02,
    `${cpuUserSeconds} + ${cpuSystemSeconds} for ${cpuSeconds}`,
  );
});

test('the CPU time of all threads counts', async (t) => {
  const { stdout, run } = await measured(t, ['--interval', '1s'], programCommand('burn', 1, 2));
  const { cpuSeconds } = truth<'burn'>(stdout);
  const { cpuUserSeconds = 0, cpuSystemSeconds = 0 } = run.measures;
  assert.ok(
    Math.abs(cpuUserSeconds + cpuSystemSeconds - cpuSeconds) <= 0.03,
    `${cpuUserSeconds} + ${cpuSystemSeconds} for ${cpuSeconds}`,
  );
});

test('a process that is not the command itself misses no more CPU time than 50 ms hold, whatever the interval', async (t) => {
  const missedSeconds = async (seconds: number): Promise<number> => {
    const [node = '', ...args] = programCommand('burn', seconds);
    const { stdout, processes } = await measured(
      t,
      ['--interval', '1s'],
      ['sh', '-c', `${[node, ...args].join(' ')}; true`],
    );
    const { pid, cpuSeconds } = truth<'burn'>(stdout);
    const own = targets(processes).find((process) => process.pid === pid);
    return cpuSeconds - (own?.cpuUserSeconds ?? 0) - (own?.cpuSystemSeconds ?? 0);
  };
  const missed = [await missedSeconds(1.7), await missedSeconds(2)];
  // 50 ms between the last two looks, and two clock ticks of 10 ms each.
  assert.ok(Math.max(...missed) <= 0.07 && Math.min(...missed) >= -0.02, missed.join(', '));
});

test('bytes written are counted exactly, although no sample sees the end', async (t) => {
  const { stdout, run } = await measured(
    t,
    ['--interval', '1s'],
    programCommand('write', 20, '--fsync', temporaryFolder(t)),
  );
  const { io } = truth<'write'>(stdout);
  const line = stdout.length;
  assert.equal(run.measures.writeBytes, io.write_bytes);
  // The program read its counters before it printed them.
  assert.ok((run.measures.wcharBytes ?? 0) - (io.wchar ?? 0) >= line);
  assert.ok((run.measures.wcharBytes ?? 0) - (io.wchar ?? 0) < line + 64);
});

test('the peak of resident memory is the kernel’s, to the byte', async (t) => {
  // awk holds 60 MB, says its VmHWM, and then does only what it has done before.
  const read =
    'while ((getline line < "/proc/self/status") > 0) if (line ~ /VmHWM/) peak = line; close("/proc/self/status")';
  const script = `BEGIN { held = "x"; while (length(held) < 60000000) held = held held; for (i = 0; i < 2; i++) { ${read}; system("sleep 0.3") } print peak }`;
  const { stdout, processes } = await measured(t, ['--interval', '50ms'], ['awk', script]);
  const [root] = targets(processes);
  assert.equal(root?.peakRssBytes, 1024 * Number(/(\d+) kB/.exec(stdout)?.[1]));
});

test('what two processes share counts once in the peak of proportional memory', async (t) => {
  const held = 40_000_000;
  const script = `x=$(head -c ${held} /dev/zero | tr '\\0' a); (sleep 11; :) & sleep 11; wait`;
  const { run } = await measured(t, ['--interval', '500ms'], ['sh', '-c', script]);
  const { peakRssBytes = 0, peakPssBytes = 0 } = run.measures;
  assert.ok(peakRssBytes > 2 * held, `${peakRssBytes} resident`);
  assert.ok(peakPssBytes > held && peakPssBytes < 1.1 * held, `${peakPssBytes} proportional`);
});

test('a thousand short children lose less than two percent of their CPU time at an interval of one second', async (t) => {
  const { stdout, run, processes } = await measured(
    t,
    ['--interval', '1s'],
    programCommand('children', 1000, 5),
  );
  const truths = truth<'children'>(stdout);
  const cpuSeconds = truths.cpuSeconds + truths.childrenCpuSeconds;
  const { cpuUserSeconds = 0, cpuSystemSeconds = 0, shortLivedCpuSeconds = 0 } = run.measures;
  const total = cpuUserSeconds + cpuSystemSeconds;
  assert.ok(total > 0.98 * cpuSeconds && total < 1.02 * cpuSeconds + 0.03, `${total} for ${cpuSeconds}`);
  assert.ok(shortLivedCpuSeconds > 0.5 * total);
  assert.ok(targets(processes).length < 100);
});

test('CPU and IO of the processes add up to the run’s', async (t) => {
  const work = 'j=0; while [ $j -lt 60000 ]; do j=$((j+1)); done; head -c 300000 /dev/zero | cat >/dev/null';
  const { run, processes } = await measured(
    t,
    ['--interval', '50ms'],
    ['sh', '-c', `for i in 1 2 3; do sh -c '${work}'; done`],
  );
  const sum = (field: 'cpuUserSeconds' | 'shortLivedCpuSeconds' | 'wcharBytes'): number =>
    targets(processes).reduce((total, process) => total + (process[field] ?? 0), 0);
  const { cpuUserSeconds = 0, cpuSystemSeconds = 0, wcharBytes = 0 } = run.measures;
  const system = targets(processes).reduce((total, { cpuSystemSeconds: own = 0 }) => total + own, 0);
  assert.ok(
    Math.abs(
      cpuUserSeconds + cpuSystemSeconds - sum('cpuUserSeconds') - system - sum('shortLivedCpuSeconds'),
    ) < 1e-6,
  );
  assert.equal(sum('wcharBytes'), wcharBytes);
  // Three times head and cat write 300,000 bytes each; the 1 per process is what a spawn writes.
  assert.ok(wcharBytes >= 1_800_000 && wcharBytes < 1_800_100, String(wcharBytes));
});

test('a process that ends together with its parent between two samples is counted once', async (t) => {
  const child = 'head -c 300000 /dev/zero | cat >/dev/null; sleep 1';
  const { run } = await measured(
    t,
    ['--interval', '400ms'],
    ['sh', '-c', `sh -c "sh -c '${child}'; true"; sleep 1`],
  );
  const { wcharBytes = 0 } = run.measures;
  assert.ok(wcharBytes >= 600_000 && wcharBytes < 600_100, String(wcharBytes));
});

test('the end of the command is known within 10 ms whatever the interval', async (t) => {
  const { stdout, run, processes } = await measured(
    t,
    ['--interval', '60s'],
    ['sh', '-c', 'sleep 0.7; date +%s%3N'],
  );
  const [root] = targets(processes);
  assert.ok((root?.endBoundMs ?? 99) <= 10);
  const late = Date.parse(run.endedAt ?? '') - Number(stdout);
  // The shell itself takes a moment to end after `date` has.
  assert.ok(late >= -1 && late < 30, `${late} ms late`);
});

test('the end of every other process is known within 50 ms whatever the interval', async (t) => {
  const boundMs = async (): Promise<number> => {
    const { processes } = await measured(
      t,
      ['--interval', '60s'],
      ['sh', '-c', '(sleep 0.5) & (sleep 1) & wait'],
    );
    const children = targets(processes).slice(1);
    assert.ok(children.length >= 2);
    return Math.max(...children.map(({ endBoundMs = Number.NaN }) => endBoundMs));
  };
  const leastMs = await leastOfThree(boundMs);
  assert.ok(leastMs <= 50, String(leastMs));
});
