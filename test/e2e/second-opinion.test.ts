import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pidusage from 'pidusage';
import { programCommand } from './harness.ts';
import { readLatest, readSeries, startPodometer, temporaryFolder } from './measured.ts';

const skip = process.platform === 'linux' ? false : 'here pidusage is the sampler itself';

interface Opinion {
  /** ms since the burn began, between which it was asked. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly cpuMs: number;
}

test('pidusage, asked while a burn is measured, tells the CPU time that the samples tell', {
  skip,
}, async (t) => {
  const data = temporaryFolder(t);
  const { child, ended } = startPodometer([
    'run',
    '--data',
    data,
    '--interval',
    '20ms',
    '--',
    ...programCommand('burn', 1.2),
  ]);
  const pid = await burnOf(child.pid ?? 0);
  const opinions: Opinion[] = [];
  while (opinions.length < 12) {
    const fromMs = ageMs(pid);
    const { ctime } = await pidusage(pid);
    opinions.push({ fromMs, toMs: ageMs(pid), cpuMs: ctime });
    await sleep(60);
  }
  pidusage.clear();
  assert.equal((await ended).exitCode, 0);

  const { run, processes } = await readLatest(data);
  const key = processes.find((process) => process.pid === pid)?.key;
  const series = await readSeries(data, ['utimeTicks', 'stimeTicks']);
  const counters = [...series.values()].flat().filter((one) => `${one.member}.${one.index}` === key);
  assert.equal(counters.length, 2);
  const cpuMsAt = (atMs: number): number =>
    counters.reduce((sum, { times, values }) => {
      const i = times.findLastIndex((time) => time <= atMs);
      return sum + 10 * (values[i] ?? 0);
    }, 0);
  for (const { fromMs, toMs, cpuMs } of opinions) {
    // A sample may be 20 ms old, more on a busy machine; a tick is 10 ms, and so is what the age is exact to.
    const [least, most] = [cpuMsAt(fromMs - 60) - 20, cpuMsAt(toMs + 60) + 20];
    assert.ok(least <= cpuMs && cpuMs <= most, `${least} <= ${cpuMs} <= ${most}`);
  }
  const { cpuUserSeconds = 0, cpuSystemSeconds = 0 } = run.measures;
  const last = opinions.at(-1)?.cpuMs ?? 0;
  assert.ok(last > 300 && last <= 1000 * (cpuUserSeconds + cpuSystemSeconds) + 10);
});

/** Of podometer's children the burn; others tell it about the machine. */
async function burnOf(podometer: number): Promise<number> {
  for (let tries = 0; tries < 400; tries++) {
    for (const pid of childrenOf(podometer)) {
      if (commandLine(pid).includes('burn.ts')) return pid;
    }
    await sleep(10);
  }
  throw new Error('the burn never began');
}

/** Of all its threads. */
function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' '))
    .filter((child) => child !== '')
    .map(Number);
}

/** By the clock that the kernel notes starts on, which nobody sets. */
function ageMs(pid: number): number {
  const uptimeMs = 1000 * Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]);
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const startTicks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  return uptimeMs - 10 * startTicks;
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
