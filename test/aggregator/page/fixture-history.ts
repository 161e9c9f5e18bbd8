/** Histories to look at: a finished, a running, an interrupted and a hostile run, and none at all. */
import type { HostFacts } from '../../../protocol/run.ts';
import { type FixtureProcess, FixtureRun, type FixtureSpec } from './fixture-run.ts';

const MiB = 2 ** 20;

const host: HostFacts = {
  hostname: 'workbench',
  platform: 'linux',
  architecture: 'x64',
  kernel: '6.12.9',
  distribution: 'Debian 13',
  cpuModel: 'AMD Ryzen 7 7840U',
  cores: 16,
  physicalCores: 8,
  memoryBytes: 32 * 2 ** 30,
};

/** Repeatable unevenness between 0.85 and 1.15. */
const jitter = (t: number, seed: number) =>
  1 + 0.15 * Math.sin(t * 3.1 + seed) * Math.cos(t * 1.7 + seed * 2);

function worker(rank: number, start: number, end: number): FixtureProcess {
  return {
    comm: 'python3',
    args: `train.py --rank ${rank}`,
    parent: 1,
    start,
    end,
    cores: (t) => (0.75 + 0.2 * Math.sin(t / 6 + rank)) * jitter(t, rank),
    rssBytes: (t) => (180 + 40 * rank + 160 * (1 - Math.exp(-(t - start) / 12))) * MiB,
    readRate: (t) => (t % 20 < 4 ? 9 * MiB * jitter(t, rank) : 0.2 * MiB),
    writeRate: (t) => (t % 30 < 2 ? 24 * MiB : 0),
  };
}

const shell: FixtureProcess = {
  comm: 'make',
  args: 'train',
  start: 0,
  end: 90,
  cores: (t) => (t < 3 ? 0.3 : 0.002),
  shortLivedCores: (t) => (t < 8 ? 0.9 : t > 82 ? 0.6 : 0.02),
  rssBytes: () => 4 * MiB,
};

const launcher: FixtureProcess = {
  comm: 'torchrun',
  args: '--nproc-per-node 4 train.py',
  parent: 0,
  exitCode: 0,
  start: 1,
  end: 88,
  cores: (t) => (t < 5 ? 0.8 : 0.03),
  rssBytes: () => 92 * MiB,
};

function loader(index: number): FixtureProcess {
  return {
    comm: 'data-loader',
    parent: 2 + index,
    start: 10 + index,
    end: 70 + index,
    cores: (t) => 0.12 * jitter(t, index),
    rssBytes: () => (60 + 5 * index) * MiB,
    readRate: () => 1.5 * MiB,
  };
}

const agent: FixtureProcess = {
  comm: 'podometer',
  role: 'agent',
  start: 0,
  cores: () => 0.004,
  rssBytes: () => 54 * MiB,
};

const workers = [0, 1, 2, 3].map((rank) => worker(rank, 6, 86 - rank));
const checkpoint: FixtureProcess = {
  comm: 'zstd',
  args: '-19 checkpoint.pt',
  parent: 1,
  start: 78,
  end: 87,
  cores: (t) => 1.9 * jitter(t, 5),
  rssBytes: () => 210 * MiB,
  readRate: () => 6 * MiB,
  writeRate: () => 18 * MiB,
};
const logger: FixtureProcess = {
  comm: 'tee',
  args: 'train.log',
  parent: 0,
  start: 1,
  end: 90,
  cores: () => 0.001,
  rssBytes: () => 2 * MiB,
  writeRate: () => 2000,
};
const trainProcesses = [shell, launcher, ...workers, ...[0, 1, 2, 3].map(loader), checkpoint, logger, agent];

const exited = (exitCode: number) => ({ endedAtMs: 0, exitCode, reason: 'exited' as const });

const finished: FixtureSpec = {
  id: '01TRAIN12',
  name: 'train',
  number: 12,
  startedAt: '2026-03-02T10:23:41.000Z',
  seconds: 90,
  command: ['make', 'train', 'BATCH=64', 'WORKERS=4'],
  processes: trainProcesses,
  outcome: exited(0),
  tags: { batch: '64', branch: 'main' },
  gap: [40, 46],
  pressure: true,
  host,
};

const small = (id: string, name: string, number: number, startedAt: string): FixtureSpec => ({
  id,
  name,
  number,
  startedAt,
  seconds: 12,
  command: [name, '--verbose'],
  processes: [
    { comm: name, start: 0, end: 12, cores: (t) => 0.6 * jitter(t, number), rssBytes: () => 48 * MiB },
  ],
  outcome: exited(0),
  host,
});

/** A run that is still going; `seconds` of the run grows with every step of the test. */
export const runningRef = 'serve@3';
export const finishedRef = 'train@12';
export const hostileRef = '<img src=x onerror=alert(1)>@1';

const hostileName = '<img src=x onerror=alert(1)>';

const hostile: FixtureSpec = {
  ...small('01HOSTILE', hostileName, 1, '2026-02-27T08:00:00.000Z'),
  command: ['sh', '-c', `<script>alert(2)</script> ${'x'.repeat(200)}`],
  tags: { note: '"><svg onload=alert(3)>' },
  processes: [
    {
      comm: '<b onclick=1>',
      args: `${'y'.repeat(200)}<iframe src=//example.invalid>`,
      start: 0,
      end: 12,
      cores: () => 0.5,
      rssBytes: () => 10 * MiB,
    },
  ],
};

/** Newest first. Every call makes new runs, so that one test's changes are not seen by the next. */
export function fullHistory(): FixtureRun[] {
  const specs: FixtureSpec[] = [
    {
      ...small('01SERVE3', 'serve', 3, '2026-03-02T11:00:00.000Z'),
      state: 'running',
      seconds: 20,
      processes: [worker(0, 0, 4000), worker(1, 2, 4000)].map(({ parent: _parent, ...rest }) => rest),
    },
    finished,
    {
      ...finished,
      id: '01TRAIN11',
      number: 11,
      startedAt: '2026-03-02T09:58:07.000Z',
      seconds: 90,
      command: ['make', 'train', 'BATCH=32', 'WORKERS=4'],
      tags: { batch: '32', branch: 'main' },
    },
    {
      ...small('01ETL7', 'etl', 7, '2026-03-01T17:12:30.000Z'),
      outcome: { endedAtMs: 0, signal: 'SIGKILL', reason: 'signalled' },
    },
    { ...small('01ETL6', 'etl', 6, '2026-03-01T16:40:02.000Z'), state: 'interrupted' },
    { ...small('01ETL5', 'etl', 5, '2026-03-01T16:02:11.000Z'), outcome: exited(3) },
    hostile,
  ];
  return specs.map((spec) => new FixtureRun(spec));
}

/** Runs 1 to 10 of `train`, newest first: older than all of the full history. */
export function earlierRuns(): FixtureRun[] {
  const newest = Date.parse('2026-02-26T09:00:00.000Z');
  return Array.from({ length: 10 }, (_, age) => {
    const number = 10 - age;
    const startedAt = new Date(newest - age * 5_400_000).toISOString();
    const seconds = 78 + ((number * 7) % 13) + (number === 6 ? 30 : 0);
    return new FixtureRun({ ...finished, id: `01TRAIN${number}`, number, startedAt, seconds });
  });
}
