import type { ProcessEntry } from '../../store/model.ts';
import { memberNoun } from '../member-words.ts';
import { cores, count, duration, percent } from '../wording.ts';
import { cpuOfProcess, growthOf, type RunSamples, ratesOf, type Samples, shareWithin } from './samples.ts';
import type { Seen } from './seen.ts';

/** Below this many samples nothing is said of a process. */
const FEWEST_SAMPLES = 5;
/** Rates of a thread that is always on a CPU, give or take the clock's ticks. */
const ONE_CORE = [0.85, 1.15] as const;
/** Share of the process's time, and of its member's CPU time and length. */
const MOSTLY = 0.7;
/** Share of the enforcement periods. */
const OFTEN_THROTTLED = 0.1;

interface CpuUse {
  readonly process: ProcessEntry;
  readonly cpu: Samples;
  readonly seconds: number;
}

/** A process that keeps one core busy for most of its member's life, while other cores that it might use have nothing to do. */
export function oneCoreFindings(samples: RunSamples): Seen[] {
  return usesByMember(samples).flatMap((ofMember) => boundWithin(ofMember, samples));
}

/** Who used most of the CPU time of its member. */
export function oneCoreSuspects(totals: RunSamples): ProcessEntry[] {
  return usesByMember(totals).flatMap((ofMember) => {
    const all = secondsOf(ofMember);
    return ofMember.filter(({ seconds }) => seconds >= MOSTLY * all).map(({ process }) => process);
  });
}

function usesByMember(samples: RunSamples): CpuUse[][] {
  const uses = samples.processes.flatMap((process): CpuUse[] => {
    const cpu = cpuOfProcess(samples, process);
    return cpu === undefined ? [] : [{ process, cpu, seconds: growthOf(cpu) }];
  });
  return [...Map.groupBy(uses, ({ process }) => process.member).values()];
}

function secondsOf(uses: readonly CpuUse[]): number {
  return uses.reduce((sum, { seconds }) => sum + seconds, 0);
}

function boundWithin(ofMember: readonly CpuUse[], samples: RunSamples): Seen[] {
  const all = secondsOf(ofMember);
  const lengthSeconds =
    (Math.max(...ofMember.map(({ cpu }) => cpu.times.at(-1) ?? 0)) -
      Math.min(...ofMember.map(({ cpu }) => cpu.times[0] ?? 0))) /
    1000;
  const { members, workload, host } = samples.run;
  const whole = members.length === 1 ? 'run' : memberNoun(workload.kind);
  return ofMember.flatMap(({ process, cpu, seconds }) => {
    const usable = usableCores(samples, process);
    const rates = ratesOf(cpu);
    if (usable < 2 || rates.values.length < FEWEST_SAMPLES || seconds < MOSTLY * all) return [];
    const busyShare = shareWithin(rates, cpu.times[0] ?? 0, ...ONE_CORE);
    const life = ((cpu.times.at(-1) ?? 0) - (cpu.times[0] ?? 0)) / 1000;
    if (busyShare * life < MOSTLY * lengthSeconds) return [];
    const averageCores = all / lengthSeconds;
    return [
      {
        kind: 'one-core' as const,
        subject: process,
        weight: busyShare,
        figures: { busyShare, averageCores, hostCores: host?.cores ?? 1, usableCores: usable },
        sentence: (who: string) =>
          `${who} kept one core busy in ${percent(busyShare)} of its time, and the ${whole} used ${cores(averageCores)} of ${count(usable)} cores: it is bound to one core.`,
      },
    ];
  });
}

/** Those of the host, or fewer where the CPU limit of its container is lower. */
function usableCores(samples: RunSamples, { member, container }: ProcessEntry): number {
  const hostCores = samples.run.host?.cores ?? 1;
  const own = samples.containers.find((one) => one.member === member && one.index === container);
  const limit = own && samples.of('container', own, 'cpuLimitMillicores')?.values.at(-1);
  return Math.min(hostCores, limit ?? hostCores);
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
