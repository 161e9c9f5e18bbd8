/** The files of the cgroup v1 controllers, by controller. */
import { ascii, integerAt, keyedIntegers, nextLine, thousandsAt, valueOffset } from '../bytes.ts';
import { type CgroupFile, faultsApart, keyed, limit, nanoseconds, single } from './cgroup-file.ts';

export type V1Controller = 'cpu' | 'cpuacct' | 'memory' | 'blkio' | 'pids';

const PERIODS = ['nr_periods ', 'nr_throttled '].map(ascii);
const THROTTLED_NS = ascii('throttled_time ');

const cpuStat: CgroupFile = {
  name: 'cpu.stat',
  columns: ['cpuPeriods', 'throttledPeriods', 'throttledUs'],
  parse: (bytes, into, refuse) => {
    keyedIntegers(bytes, PERIODS, into, refuse);
    into[2] = thousandsAt(bytes, valueOffset(bytes, THROTTLED_NS));
  },
};

/** The CPU limit: so many µs in each period, which stands in a file of its own and stays what it was; −1 for none. */
export function cpuQuota(periodUs: number): CgroupFile {
  return {
    name: 'cpu.cfs_quota_us',
    columns: ['cpuLimitMillicores'],
    parse: (bytes, into) => {
      const quotaUs = integerAt(bytes, 0);
      into[0] = quotaUs < 0 ? Number.NaN : Math.round((1000 * quotaUs) / periodUs);
    },
  };
}

/** The kernel charges children to a parent cgroup only in the `total_` fields. */
const memoryStat = faultsApart(
  keyed('memory.stat', [
    ['memoryAnonBytes', 'total_rss'],
    ['memoryFileBytes', 'total_cache'],
    ['containerMinorFaults', 'total_pgfault'],
    ['containerMajorFaults', 'total_pgmajfault'],
  ]),
);

/** A blkio file: `major:minor Read n`, `major:minor Write n`, … a line per device and kind. */
function readAndWrite(
  name: string,
  read: 'ioReadBytes' | 'ioReads',
  write: 'ioWriteBytes' | 'ioWrites',
): CgroupFile {
  return {
    name,
    columns: [read, write],
    parse: (bytes, into) => {
      into[0] = sumOf(bytes, ' Read ');
      into[1] = sumOf(bytes, ' Write ');
    },
  };
}

function sumOf(bytes: Buffer, kind: string): number {
  let sum = 0;
  for (let at = bytes.indexOf(kind); at !== -1; at = bytes.indexOf(kind, nextLine(bytes, at))) {
    sum += integerAt(bytes, at + kind.length);
  }
  return sum;
}

export const v1Files: Readonly<Record<V1Controller, readonly CgroupFile[]>> = {
  cpu: [cpuStat],
  cpuacct: [
    nanoseconds('cpuacct.usage', 'cpuUsageUs'),
    nanoseconds('cpuacct.usage_user', 'cpuUserUs'),
    nanoseconds('cpuacct.usage_sys', 'cpuSystemUs'),
  ],
  memory: [
    single('memory.usage_in_bytes', 'memoryCurrentBytes'),
    single('memory.max_usage_in_bytes', 'memoryPeakBytes'),
    limit('memory.limit_in_bytes', 'memoryLimitBytes'),
    memoryStat,
    single('memory.failcnt', 'memoryLimitHits'),
    keyed('memory.oom_control', [['oomKills', 'oom_kill']]),
  ],
  blkio: [
    readAndWrite('blkio.throttle.io_service_bytes_recursive', 'ioReadBytes', 'ioWriteBytes'),
    readAndWrite('blkio.throttle.io_serviced_recursive', 'ioReads', 'ioWrites'),
  ],
  pids: [single('pids.current', 'pids'), single('pids.peak', 'pidsPeak')],
};
