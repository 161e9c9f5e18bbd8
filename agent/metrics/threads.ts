/**
 * `threads`: where the wall time goes that is not CPU time. The state of the threads at every tick, and what they wait
 * for. A process with one thread costs 11 µs a tick, and nothing to speak of while it sleeps; of others, 16 threads at most
 * are read at a tick (thread-sampler.ts), for 4 µs each, and 5 more where it waits: 130 µs of CPU time at most.
 */
import { columnByName, threadColumns } from '../../protocol/metrics.ts';
import type { TrackedProcess } from '../process-table.ts';
import { threadStates } from '../procfs/task-state.ts';
import type { Metric, MetricContext, Probe } from './metric.ts';
import { ThreadSampler } from './thread-sampler.ts';
import { WaitClasses } from './wait-class.ts';

const COLUMNS = threadColumns.map(({ id }) => id);
const FIRST_TIME = COLUMNS.indexOf(columnByName('threadRunningMs')?.id ?? Number.NaN);
const FIRST_WAIT = COLUMNS.indexOf(columnByName('waitLockMs')?.id ?? Number.NaN);
const CLASSES = WaitClasses.of(process.arch);

export const threads: Metric = {
  name: 'threads',
  needs:
    'nothing for the states; the same user as the process, or SYS_PTRACE and DAC_OVERRIDE, for what they wait for',
  openProcess: (process, context) => (process.role === 'target' ? [probe(process, context)] : []),
};

function probe(
  { stat, pid, bornInRun, startMs, lastAliveMs }: TrackedProcess,
  { procRoot, without }: MetricContext,
): Probe {
  const sampler = new ThreadSampler({
    procRoot,
    pid,
    classes: without.has('waits') ? undefined : CLASSES,
    startMs: bornInRun ? startMs : lastAliveMs,
  });
  const counts = new Float64Array(threadStates.length);
  const fill = (row: Float64Array): void => {
    if (!stat.hasEnded) {
      sampler.counts(counts);
      row.set(counts);
    }
    setRounded(row, FIRST_TIME, sampler.stateMs);
    if (sampler.waitMs !== undefined) setRounded(row, FIRST_WAIT, sampler.waitMs);
  };
  return {
    columns: COLUMNS,
    cadence: 'tick',
    sample: (row, { atMs }) => {
      if (stat.hasEnded) sampler.standStill(atMs);
      else sampler.sample(stat, atMs);
      fill(row);
      return 'read';
    },
    sampleAsleep: (row, { atMs }) => {
      sampler.standStill(atMs);
      fill(row);
    },
    close: () => sampler.close(),
  };
}

function setRounded(row: Float64Array, first: number, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) row[first + i] = Math.round(values[i] as number);
}
