import { cores, duration, percent } from '../wording.ts';
import { cpuOfProcess, growthOf, type RunSamples, ratesOf, shareWithin } from './samples.ts';
import type { Seen } from './seen.ts';

/** Below this many samples nothing is said of a process. */
const FEWEST_SAMPLES = 5;
/** Rates of a thread that is always on a CPU, give or take the clock's ticks. */
const ONE_CORE = [0.85, 1.15] as const;
/** Share of the process's time, of the run's CPU time and of the run's length. */
const MOSTLY = 0.7;
/** Share of the enforcement periods. */
const OFTEN_THROTTLED = 0.1;

/** A process that keeps one core busy for most of a run, while the others have nothing to do. */
export function oneCoreFindings(samples: RunSamples): Seen[] {
  const { run } = samples;
  const hostCores = run.host?.cores ?? 1;
  const wall = run.measures.wallSeconds ?? 0;
  if (hostCores < 2 || wall === 0) return [];
  const uses = samples.processes.flatMap((process) => {
    const cpu = cpuOfProcess(samples, process);
    return cpu === undefined ? [] : [{ process, cpu, seconds: growthOf(cpu) }];
  });
  const all = uses.reduce((sum, { seconds }) => sum + seconds, 0);
  return uses.flatMap(({ process, cpu, seconds }) => {
    const rates = ratesOf(cpu);
    if (rates.values.length < FEWEST_SAMPLES || seconds < MOSTLY * all) return [];
    const busyShare = shareWithin(rates, cpu.times[0] ?? 0, ...ONE_CORE);
    const life = ((cpu.times.at(-1) ?? 0) - (cpu.times[0] ?? 0)) / 1000;
    if (busyShare * life < MOSTLY * wall) return [];
    return [
      {
        kind: 'one-core' as const,
        subject: process,
        weight: busyShare,
        figures: { busyShare, averageCores: all / wall, hostCores },
        sentence: (who: string) =>
          `${who} kept one core busy in ${percent(busyShare)} of its time, and the run used ${cores(all / wall)} of ${hostCores} cores: it is bound to one core.`,
      },
    ];
  });
}

/** A container that its CPU limit stopped in many of the periods in which it is enforced. */
export function throttledFindings(samples: RunSamples): Seen[] {
  return samples.containers.flatMap((container) => {
    const read = (name: 'cpuPeriods' | 'throttledPeriods' | 'throttledUs'): number => {
      const found = samples.of('container', container, name);
      return found === undefined ? 0 : growthOf(found);
    };
    const periods = read('cpuPeriods');
    const share = periods === 0 ? 0 : read('throttledPeriods') / periods;
    if (share < OFTEN_THROTTLED) return [];
    const throttledSeconds = read('throttledUs');
    const limitCores = samples.of('container', container, 'cpuLimitMillicores')?.values.at(-1);
    const limit = limitCores === undefined ? 'CPU limit' : `CPU limit of ${cores(limitCores)} cores`;
    return [
      {
        kind: 'cpu-throttled' as const,
        subject: container,
        weight: share,
        figures: { share, throttledSeconds, ...(limitCores !== undefined && { limitCores }) },
        sentence: (who: string) =>
          `${who} was stopped by its ${limit} in ${percent(share)} of the periods, ${duration(throttledSeconds)} in all.`,
      },
    ];
  });
}
