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

/** `running`: each wants a CPU all the time, so that at no tick anything is spared. */
const CASES = [
  { state: 'sleeping', count: 10, command: ['sleep', '600'] },
  { state: 'sleeping', count: 100, command: ['sleep', '600'] },
  { state: 'sleeping', count: 1000, command: ['sleep', '600'] },
  { state: 'running', count: 10, command: ['nice', '-n', '19', 'sh', '-c', 'while :; do :; done'] },
  { state: 'running', count: 100, command: ['nice', '-n', '19', 'sh', '-c', 'while :; do :; done'] },
] as const;
/** As many process-samples in every case, so that each is as warm as the others. */
const SAMPLES = 100_000;
const WARM_UP_SAMPLES = 20_000;
const PIDUSAGE_SAMPLES = 20_000;

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
    context: { procRoot: '/proc', without: new Set<never>(), event: () => {} },
    targets: fixedTargets(pids),
    recorder,
    totals,
    schedule: new Schedule(systemClock, 1000),
    onEnd: () => {},
  });
  const warmUp = WARM_UP_SAMPLES / pids.length;
  const last = warmUp + SAMPLES / pids.length;
  let before = 0;
  for (let tick = 1; tick <= last; tick++) {
    sampler.tick(tick * 1000);
    if (tick % 5 === 0) recorder.drain(totals.toMap());
    if (tick === warmUp) before = cpuUs();
  }
  const spent = cpuUs() - before;
  sampler.close();
  return spent / SAMPLES;
}

async function withPidusage(pids: number[]): Promise<number> {
  const ticks = PIDUSAGE_SAMPLES / pids.length;
  for (let tick = 0; tick < ticks / 4; tick++) await pidusage(pids);
  const before = cpuUs();
  for (let tick = 0; tick < ticks; tick++) await pidusage(pids);
  return (cpuUs() - before) / PIDUSAGE_SAMPLES;
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
  for (const { state, count, command } of CASES) {
    const [file, ...args] = command;
    const targets = Array.from({ length: count }, () => spawn(file, args, { stdio: 'ignore' }));
    const pids = targets.map(({ pid }) => pid ?? 0);
    try {
      const own = ours(pids);
      const usage = await withPidusage(pids);
      const stat = withPidstat(pids);
      const what = `${count} ${state} processes`;
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
      for (const target of targets) target.kill('SIGKILL');
    }
  }
  const system = await withSysteminformation();
  figures.push(figure('systeminformation.processes()', system.toFixed(0), '', true));
  return figures;
}
