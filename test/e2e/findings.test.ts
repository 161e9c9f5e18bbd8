/** Findings of real programs: each of one that has the fault, and of one that has not. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readFindings } from '../../aggregator/query/findings/findings.ts';
import { openStore } from '../../aggregator/store/open.ts';
import type { Finding, FindingKind } from '../../protocol/findings.ts';
import { programCommand } from './harness.ts';
import { limitedCgroup, within } from './limited-cgroup.ts';
import { readLatest as readRun, startPodometer, temporaryFolder } from './measured.ts';

const OFTEN = ['--interval', '100ms', '--cpu-budget', '100'];

/** What stands out in a run of this command. */
async function findingsOf(
  t: TestContext,
  command: readonly string[],
  ...options: string[]
): Promise<Finding[]> {
  const data = temporaryFolder(t);
  await startPodometer(['run', '--data', data, ...OFTEN, ...options, '--', ...command]).ended;
  return readLatest(data);
}

/**
 * The same of a program in a cgroup, with podometer outside of it. The program begins a second after podometer has opened its
 * history, and with that looks at it.
 */
async function findingsWithin(
  t: TestContext,
  folder: string,
  command: readonly string[],
): Promise<Finding[]> {
  const data = temporaryFolder(t);
  const waiting = 'until [ -e "$0" ]; do sleep 0.1; done; sleep 1; exec "$@"';
  const [file = '', ...args] = within(folder, ['sh', '-c', waiting, join(data, 'data.mdb'), ...command]);
  const program = spawn(file, args, { stdio: 'ignore' });
  const ended = once(program, 'close');
  const options = [...OFTEN, '--metrics', 'performance,pressure,threads', '--pid', String(program.pid)];
  await startPodometer(['run', '--data', data, ...options]).ended;
  await ended;
  return readLatest(data);
}

async function readLatest(data: string): Promise<Finding[]> {
  const store = await openStore(data, { readOnly: true });
  try {
    const [record] = store.runs();
    assert.ok(record, 'there is a run');
    return readFindings(store, () => 'finished', record);
  } finally {
    await store.close();
  }
}

const ofKind = (findings: readonly Finding[], kind: FindingKind): string[] =>
  findings.filter((one) => one.kind === kind).map(({ sentence }) => sentence);

test('a program that keeps more and more is told from one that holds as much all the time', async (t) => {
  const [leaking, holding] = await Promise.all([
    findingsOf(t, programCommand('leak', 3, 14)),
    findingsOf(t, programCommand('hold', 42, 14)),
  ]);
  const [leak = ''] = ofKind(leaking, 'leak');
  const [, aMinute] = /^`.*` grew steadily by ([\d.]+) MiB a minute /.exec(leak) ?? [];
  assert.ok(Math.abs(Number(aMinute) - 180) < 40, leak);
  assert.deepEqual(ofKind(holding, 'leak'), []);
});

test('a busy thread is told from one that sleeps', async (t) => {
  if (cpus().length < 2) return t.skip('needs two CPUs');
  assert.deepEqual(ofKind(await findingsOf(t, ['sleep', '2']), 'one-core'), []);
  const data = temporaryFolder(t);
  await startPodometer(['run', '--data', data, ...OFTEN, '--', ...programCommand('burn', 3)]).ended;
  const { run } = await readRun(data);
  const { wallSeconds = 0, cpuUserSeconds = 0, gaps = 0, samples = 0 } = run.measures;
  if (cpuUserSeconds < 0.9 * wallSeconds || gaps > samples) {
    return t.skip(
      `needs a core of its own: others use the machine (${cpuUserSeconds} s of ${wallSeconds} s)`,
    );
  }
  const [told = ''] = ofKind(await readLatest(data), 'one-core');
  assert.match(told, /kept one core busy in \d+ % of its time/);
});

test('a program that writes to a throttled disk waits for it, and one that writes to a free one does not', async (t) => {
  const data = temporaryFolder(t);
  const { dev } = statSync(data);
  const disk = wholeDisk(Math.floor(dev / 256), dev % 256);
  if (disk === undefined) return t.skip('needs temporary files on a disk of its own');
  const folder = limitedCgroup(t, 'blkio', { 'blkio.throttle.write_bps_device': `${disk} ${2 * 2 ** 20}` });
  if (folder === undefined) return;
  const write = (name: string) => [
    'dd',
    'if=/dev/zero',
    `of=${join(data, name)}`,
    'bs=1M',
    'count=8',
    'oflag=direct',
  ];
  const [told = ''] = ofKind(await findingsWithin(t, folder, write('slow')), 'disk-wait');
  assert.match(told, /^`dd` waited for disk for \d\.\d+ s, \d+ % of the run/);
  const free = await findingsOf(
    t,
    ['sh', '-c', `${write('fast').join(' ')}; sleep 1`],
    '--metrics',
    'performance,threads',
  );
  assert.deepEqual(ofKind(free, 'disk-wait'), []);
});

/** The number of the disk that a file system lies on, as throttling takes it: never that of a partition. */
function wholeDisk(major: number, minor: number): string | undefined {
  try {
    readFileSync(`/sys/dev/block/${major}:${minor}/queue/rotational`);
    return `${major}:${minor}`;
  } catch {
    return undefined;
  }
}

test('a busy program under a CPU limit is throttled, and one that sleeps is not', async (t) => {
  const narrow = limitedCgroup(t, 'cpu', { 'cpu.cfs_quota_us': '30000' });
  if (narrow === undefined) return;
  const [told = ''] = ofKind(
    await findingsWithin(t, narrow, ['timeout', '3', 'sh', '-c', 'while :; do :; done']),
    'cpu-throttled',
  );
  assert.match(told, /was stopped by its CPU limit of 0\.3 cores in \d+ % of the periods/);
  assert.deepEqual(ofKind(await findingsWithin(t, narrow, ['sleep', '2']), 'cpu-throttled'), []);
});

test('a program that nearly fills its memory limit is told from one that leaves room', async (t) => {
  const folder = limitedCgroup(t, 'memory', { 'memory.limit_in_bytes': String(64 * 2 ** 20) });
  if (folder === undefined) return;
  const holding = (size: string) => [
    'sh',
    '-c',
    `head -c ${size} /dev/zero | tail -c ${size} | (sleep 3; cat > /dev/null)`,
  ];
  const [told = ''] = ofKind(await findingsWithin(t, folder, holding('59M')), 'memory-limit');
  assert.match(told, / used (5[89]|6\d)(\.\d)? MiB of its memory limit of 64\.0 MiB \(9\d %/);
  assert.deepEqual(ofKind(await findingsWithin(t, folder, holding('20M')), 'memory-limit'), []);
});
