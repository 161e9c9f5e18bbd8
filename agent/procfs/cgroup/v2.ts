/** The files of a cgroup v2 folder. A file whose controller is not enabled is not there, and its columns are absent. */
import { integerAt, nextField } from '../bytes.ts';
import { parsePressure } from '../pressure.ts';
import { type CgroupFile, faultsApart, keyed, limit, single } from './cgroup-file.ts';
import { sumIoStat } from './io-stat.ts';

const cpuMax: CgroupFile = {
  name: 'cpu.max',
  columns: ['cpuLimitMillicores'],
  parse: (bytes, into) => {
    into[0] = Math.round((1000 * integerAt(bytes, 0)) / integerAt(bytes, nextField(bytes, 0)));
  },
};

/** memory.stat's pgfault counts the major faults too. */
const memoryStat = faultsApart(
  keyed('memory.stat', [
    ['memoryAnonBytes', 'anon'],
    ['memoryFileBytes', 'file'],
    ['containerMinorFaults', 'pgfault'],
    ['containerMajorFaults', 'pgmajfault'],
  ]),
);

function pressure(
  resource: 'cpu' | 'memory' | 'io',
  some: 'psiCpuSomeUs' | 'psiMemorySomeUs' | 'psiIoSomeUs',
  full: 'psiCpuFullUs' | 'psiMemoryFullUs' | 'psiIoFullUs',
): CgroupFile {
  return { name: `${resource}.pressure`, columns: [some, full], parse: parsePressure };
}

export const v2Files: readonly CgroupFile[] = [
  keyed('cpu.stat', [
    ['cpuUsageUs', 'usage_usec'],
    ['cpuUserUs', 'user_usec'],
    ['cpuSystemUs', 'system_usec'],
    ['cpuPeriods', 'nr_periods'],
    ['throttledPeriods', 'nr_throttled'],
    ['throttledUs', 'throttled_usec'],
  ]),
  cpuMax,
  single('memory.current', 'memoryCurrentBytes'),
  single('memory.peak', 'memoryPeakBytes'),
  limit('memory.max', 'memoryLimitBytes'),
  single('memory.swap.current', 'memorySwapBytes'),
  memoryStat,
  keyed('memory.events', [
    ['memoryLimitHits', 'max'],
    ['oomEvents', 'oom'],
    ['oomKills', 'oom_kill'],
  ]),
  { name: 'io.stat', columns: ['ioReadBytes', 'ioWriteBytes', 'ioReads', 'ioWrites'], parse: sumIoStat },
  single('pids.current', 'pids'),
  single('pids.peak', 'pidsPeak'),
  pressure('cpu', 'psiCpuSomeUs', 'psiCpuFullUs'),
  pressure('memory', 'psiMemorySomeUs', 'psiMemoryFullUs'),
  pressure('io', 'psiIoSomeUs', 'psiIoFullUs'),
];
