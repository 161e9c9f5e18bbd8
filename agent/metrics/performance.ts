/**
 * `performance`: CPU, memory, IO, faults, switches and files of every process.
 *
 * `stat` has been read by the time that a probe is asked (it tells who the process is), so only `io` is read here at
 * every tick. `status` is read when what is resident has changed; the sums over threads and the file count every few
 * ticks; `smaps_rollup`, which costs in proportion to memory, when its own budget allows.
 */
import { type ColumnName, columnByName } from '../../protocol/metrics.ts';
import type { TrackedProcess } from '../process-table.ts';
import { countOpenFiles } from '../procfs/fd-count.ts';
import { ioFields, parseIo } from '../procfs/io.ts';
import { readOnce } from '../procfs/proc-file.ts';
import { RetriedFile } from '../procfs/retried-file.ts';
import { parseSmapsRollup } from '../procfs/smaps-rollup.ts';
import type { Stat } from '../procfs/stat.ts';
import { parseStatus, statusFields } from '../procfs/status.ts';
import { readTaskSums } from '../procfs/tasks.ts';
import type { InclusiveCounter, Metric, Probe, SampleResult } from './metric.ts';

function idsOf(names: readonly ColumnName[]): number[] {
  return names.map((name) => columnByName(name)?.id ?? Number.NaN);
}

const COUNTERS = idsOf([
  'utimeTicks',
  'stimeTicks',
  'shortLivedUserTicks',
  'shortLivedSystemTicks',
  'minorFaults',
  'majorFaults',
  'threads',
  'rssBytes',
  'vsizeBytes',
  'blockIoDelayTicks',
  'rcharBytes',
  'wcharBytes',
  'readCalls',
  'writeCalls',
  'readBytes',
  'writeBytes',
  'cancelledWriteBytes',
]);
const FIRST_IO = 10;
const INCLUSIVE: readonly InclusiveCounter[] = [
  { at: 2, own: 0 },
  { at: 3, own: 1 },
  ...ioFields.map((_, i) => ({ at: FIRST_IO + i })),
];
const MEMORY = idsOf(['peakRssBytes', 'swapBytes', 'anonBytes', 'fileBytes', 'shmemBytes']);
const SCHEDULING = idsOf(['voluntarySwitches', 'involuntarySwitches', 'runDelayNs', 'openFiles']);
const PROPORTIONAL = idsOf(['pssBytes', 'ussBytes']);

export const performance: Metric = {
  name: 'performance',
  needs: 'the same user as the process, or SYS_PTRACE and DAC_OVERRIDE, for IO, files and PSS',
  openProcess: (process, { procRoot, without }) => [
    counters(process, procRoot),
    memory(process, procRoot),
    scheduling(process, procRoot),
    ...(without.has('pss') ? [] : [proportional(process, procRoot)]),
  ],
};

function counters(process: TrackedProcess, procRoot: string): Probe {
  const io = new RetriedFile(`${procRoot}/${process.pid}/io`);
  const ioValues = new Float64Array(ioFields.length);
  return {
    columns: COUNTERS,
    cadence: 'tick',
    inclusive: INCLUSIVE,
    sample: (row): SampleResult => {
      const { stat } = process;
      countersOf(stat, row);
      if (!stat.hasEnded) {
        row[6] = stat.threads;
        row[7] = stat.rssBytes;
        row[8] = stat.vsizeBytes;
      }
      const bytes = io.read();
      if (bytes === 'gone') return 'gone';
      if (bytes === 'denied') return 'read';
      parseIo(bytes, ioValues);
      row.set(ioValues, FIRST_IO);
      return 'read';
    },
    sampleGone: (row) => countersOf(process.stat, row),
    close: () => io.close(),
  };
}

function countersOf(stat: Stat, row: Float64Array): void {
  row[0] = stat.utimeTicks;
  row[1] = stat.stimeTicks;
  row[2] = stat.cutimeTicks;
  row[3] = stat.cstimeTicks;
  row[4] = stat.minorFaults;
  row[5] = stat.majorFaults;
  row[9] = stat.blockIoDelayTicks;
}

/** Opened at each reading: it is read seldom, and an open /proc file costs 5 KB of kernel memory. */
function memory(process: TrackedProcess, procRoot: string): Probe {
  const values = new Float64Array(statusFields.length);
  let lastRssBytes = Number.NaN;
  return {
    columns: MEMORY,
    cadence: 'slow',
    // Memory that came and went between two readings has moved what is resident, too.
    moved: () => process.stat.rssBytes !== lastRssBytes,
    sample: (row): SampleResult => {
      const bytes = readOnce(`${procRoot}/${process.pid}/status`);
      if (bytes === 'gone') return 'gone';
      if (bytes === 'denied') return 'read';
      parseStatus(bytes, values);
      const [peak = Number.NaN, anon = Number.NaN, file = Number.NaN, shmem = Number.NaN, swap = Number.NaN] =
        values;
      lastRssBytes = process.stat.rssBytes;
      row.set([peak, swap, anon, file, shmem]);
      return 'read';
    },
    close: () => {},
  };
}

function scheduling(process: TrackedProcess, procRoot: string): Probe {
  const sums = new Float64Array(3);
  const last = new Float64Array(3);
  const grown = new Float64Array(3);
  return {
    columns: SCHEDULING,
    cadence: 'slow',
    sample: (row): SampleResult => {
      readTaskSums(procRoot, process.pid, process.stat.threads, sums);
      if (Number.isNaN(sums[0])) return 'read';
      for (let i = 0; i < sums.length; i++) {
        // A thread that ended takes its counts along; the sum over the others must not make the column fall.
        grown[i] = (grown[i] as number) + Math.max(0, (sums[i] as number) - (last[i] as number));
        last[i] = sums[i] as number;
        row[i] = grown[i] as number;
      }
      if (!process.stat.hasEnded) row[3] = countOpenFiles(procRoot, process.pid);
      return 'read';
    },
    close: () => {},
  };
}

/** Opened at each reading: the file is bound to the address space, which an exec replaces. */
function proportional(process: TrackedProcess, procRoot: string): Probe {
  return {
    columns: PROPORTIONAL,
    cadence: 'rare',
    sample: (row): SampleResult => {
      const bytes = readOnce(`${procRoot}/${process.pid}/smaps_rollup`);
      if (bytes === 'gone') return 'gone';
      if (bytes === 'denied') return 'read';
      const { pssBytes, ussBytes } = parseSmapsRollup(bytes);
      row[0] = pssBytes;
      row[1] = ussBytes;
      return 'read';
    },
    close: () => {},
  };
}
