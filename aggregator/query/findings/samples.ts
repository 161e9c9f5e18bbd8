/** The samples of a run as findings look at them. */
import { type ColumnName, columnByName } from '../../../protocol/metrics.ts';
import type { RunView } from '../../../protocol/query.ts';
import type { ColumnSeries, ContainerEntry, ProcessEntry, RunDirectory } from '../../store/model.ts';
import { processKey } from '../summary.ts';
import { unitValue } from '../unit-value.ts';

/** Times in ms since the start of the run, values in their unit. */
export interface Samples {
  readonly times: readonly number[];
  readonly values: readonly number[];
}

export interface RunSamples {
  readonly run: RunView;
  /** The agent's own are left out. */
  readonly processes: readonly ProcessEntry[];
  readonly containers: readonly ContainerEntry[];
  /** Undefined where it was not read. */
  of(
    subject: 'process' | 'container',
    entry: ProcessEntry | ContainerEntry,
    column: ColumnName,
  ): Samples | undefined;
}

const COLUMNS: readonly ColumnName[] = [
  'utimeTicks',
  'stimeTicks',
  'cpuTimeMs',
  'rssBytes',
  'blockIoDelayTicks',
  'threadUninterruptibleMs',
  'cpuUsageUs',
  'cpuPeriods',
  'throttledPeriods',
  'throttledUs',
  'cpuLimitMillicores',
  'memoryCurrentBytes',
  'memoryFileBytes',
  'memoryLimitBytes',
  'psiIoSomeUs',
];

/** Ids of the columns that findings are made from. */
export const findingColumns: readonly number[] = COLUMNS.map((name) => columnByName(name)?.id ?? 0);

/** `series`: of `findingColumns`, whole. */
export function runSamples(
  run: RunView,
  directory: Pick<RunDirectory, 'processes' | 'containers'>,
  series: readonly ColumnSeries[],
): RunSamples {
  const bySubject = new Map(series.map((one) => [`${one.subject} ${processKey(one)} ${one.column}`, one]));
  return {
    run,
    processes: directory.processes.filter(({ role }) => role === 'target'),
    containers: directory.containers,
    of(subject, entry, name) {
      const column = columnByName(name);
      const one = bySubject.get(`${subject} ${processKey(entry)} ${column?.id}`);
      if (one === undefined || column === undefined || one.times.length === 0) return undefined;
      return { times: [...one.times], values: [...one.values].map((value) => unitValue(value, column)) };
    },
  };
}

export function growthOf({ values }: Samples): number {
  return (values.at(-1) ?? 0) - (values[0] ?? 0);
}

export function peakOf({ values }: Samples): number {
  return values.reduce((greatest, value) => Math.max(greatest, value), 0);
}

/** CPU time of a process, user and kernel mode together. */
export function cpuOfProcess(samples: RunSamples, process: ProcessEntry): Samples | undefined {
  const user = samples.of('process', process, 'utimeTicks') ?? samples.of('process', process, 'cpuTimeMs');
  const system = samples.of('process', process, 'stimeTicks');
  if (user === undefined) return undefined;
  return { times: user.times, values: user.values.map((value, i) => value + (system?.values[i] ?? 0)) };
}

/** Of a counter: what it grew by per second, between each two samples; `times` are those of the later ones. */
export function ratesOf({ times, values }: Samples): Samples {
  return {
    times: times.slice(1),
    values: values
      .slice(1)
      .map(
        (value, i) =>
          ((value - (values[i] as number)) / ((times[i + 1] as number) - (times[i] as number))) * 1000,
      ),
  };
}

/** The share of the time in which a rate lay between two bounds. `from`: when the first rate began, ms. */
export function shareWithin(rates: Samples, from: number, low: number, high: number): number {
  let within = 0;
  let last = from;
  rates.times.forEach((time, i) => {
    const rate = rates.values[i] as number;
    if (rate >= low && rate <= high) within += time - last;
    last = time;
  });
  return last === from ? 0 : within / (last - from);
}
