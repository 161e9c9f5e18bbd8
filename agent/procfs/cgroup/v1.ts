/** The files of the cgroup v1 controllers, by controller. */
import { integerAt, nextLine } from '../bytes.ts';
import { type CgroupFile, faultsApart, keyed, single } from './cgroup-file.ts';

export type V1Controller = 'cpu' | 'cpuacct' | 'memory' | 'blkio' | 'pids';

const NS_TO_US = 1e-3;

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
  cpu: [
    keyed('cpu.stat', [
      ['cpuPeriods', 'nr_periods'],
      ['throttledPeriods', 'nr_throttled'],
      ['throttledUs', 'throttled_time', NS_TO_US],
    ]),
  ],
  cpuacct: [
    single('cpuacct.usage', 'cpuUsageUs', NS_TO_US),
    single('cpuacct.usage_user', 'cpuUserUs', NS_TO_US),
    single('cpuacct.usage_sys', 'cpuSystemUs', NS_TO_US),
  ],
  memory: [
    single('memory.usage_in_bytes', 'memoryCurrentBytes'),
    single('memory.max_usage_in_bytes', 'memoryPeakBytes'),
    single('memory.limit_in_bytes', 'memoryLimitBytes'),
    memoryStat,
    single('memory.failcnt', 'memoryLimitHits'),
    keyed('memory.oom_control', [['oomKills', 'oom_kill']]),
  ],
  blkio: [
    readAndWrite('blkio.throttle.io_service_bytes_recursive', 'ioReadBytes', 'ioWriteBytes'),
    readAndWrite('blkio.throttle.io_serviced_recursive', 'ioReads', 'ioWrites'),
  ],
  pids: [single('pids.current', 'pids')],
};
