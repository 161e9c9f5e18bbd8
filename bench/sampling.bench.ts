/** CPU per process-sample of the `performance` metric, beside pidusage, systeminformation and pidstat, in one run. */
import { spawn, spawnSync } from 'node:child_process';
import pidusage from 'pidusage';
import systeminformation from 'systeminformation';
import { metricsNamed } from '../agent/metrics/index.ts';
import { StatFile } from '../agent/procfs/stat.ts';
import { Recorder } from '../agent/recorder.ts';
import { Sampler } from '../agent/sampler.ts';
import { Schedule } from '../agent/schedule.ts';
import type { Targets } from '../agent/targets.ts';
import { RunTotals } from '../agent/totals.ts';
import { systemClock } from '../lib/clock.ts';
import { cpuUs, type Figure, figure } from './figure.ts';

const COUNTS = [10, 100, 1000];
const TICKS = 100;
const WARM_UP = 30;

/** Exactly these processes, found once. */
function fixedTargets(pids: readonly number[]): Targets {
  return {
    discover: (known) =>
      known.size > 0
        ? []
        : pids.flatMap((pid) => {
            const stat = StatFile.open('/proc', pid);
            return stat === undefined
              ? []
              : [{ pid, role: 'target' as const, container: undefined, stat, startMs: 0, bornInRun: true }];
          }),
    args: () => undefined,
  };
}

function ours(pids: readonly number[]): number {
  const recorder = new Recorder({ agent: 'a'.repeat(32), run: 'bench', epochMs: 0 });
  const totals = new RunTotals(0);
  const sampler = new Sampler({
    metrics: metricsNamed(['performance']),
    context: { procRoot: '/proc', event: () => {} },
    targets: fixedTargets(pids),
    recorder,
    totals,
    schedule: new Schedule(systemClock, 1000),
    onEnd: () => {},
  });
  for (let tick = 1; tick <= WARM_UP; tick++) sampler.tick(tick * 1000);
  const before = cpuUs();
  for (let tick = 1; tick <= TICKS; tick++) {
    sampler.tick((WARM_UP + tick) * 1000);
    if (tick % 5 === 0) recorder.drain(totals.toMap());
  }
  const spent = cpuUs() - before;
  sampler.close();
  return spent / TICKS / pids.length;
}

async function withPidusage(pids: number[]): Promise<number> {
  for (let tick = 0; tick < 5; tick++) await pidusage(pids);
  const before = cpuUs();
  for (let tick = 0; tick < 20; tick++) await pidusage(pids);
  return (cpuUs() - before) / 20 / pids.length;
}

/** Its child processes are counted too; it answers for every process of the machine, so that is what it is divided by. */
async function withSysteminformation(): Promise<number> {
  const before = cpuUs();
  const { all } = await systeminformation.processes();
  return (cpuUs() - before) / all;
}

/** Undefined where sysstat is not installed. */
function withPidstat(pids: readonly number[]): number | undefined {
  const seconds = 4;
  const { stdout, status } = spawnSync(
    'bash',
    ['-c', `pidstat -u -r -d -w -h -p ${pids.join(',')} 1 ${seconds} >/dev/null || exit 3; times`],
    { encoding: 'utf8' },
  );
  if (status !== 0) return undefined;
  const children = stdout.trim().split('\n').at(-1) ?? '';
  const used = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest),
    0,
  );
  // It reads everything once more at its start.
  return (used * 1e6) / (seconds + 1) / pids.length;
}

export async function samplingFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const count of COUNTS) {
    const sleepers = Array.from({ length: count }, () => spawn('sleep', ['600'], { stdio: 'ignore' }));
    const pids = sleepers.map(({ pid }) => pid ?? 0);
    try {
      const own = ours(pids);
      const usage = await withPidusage(pids);
      const stat = withPidstat(pids);
      const what = `${count} processes, µs of CPU per process and sample`;
      figures.push(
        figure(`${what}: podometer`, own.toFixed(1), '', true),
        figure(
          `${what}: pidusage`,
          `${usage.toFixed(1)} (podometer ${(own / usage).toFixed(2)} of it)`,
          '≤ 1/2',
          own <= usage / 2,
        ),
      );
      figures.push(
        stat === undefined
          ? figure(`${what}: pidstat`, 'not installed (package sysstat)', '≤ 1/3', false)
          : figure(
              `${what}: pidstat -u -r -d -w -h`,
              `${stat.toFixed(1)} (podometer ${(own / stat).toFixed(2)} of it)`,
              '≤ 1/3',
              own <= stat / 3,
            ),
      );
    } finally {
      for (const sleeper of sleepers) sleeper.kill('SIGKILL');
    }
  }
  const system = await withSysteminformation();
  figures.push(figure('systeminformation.processes(), µs of CPU per process', system.toFixed(0), '', true));
  return figures;
}
