/** The samples of a run as findings look at them. */
import { type Column, type ColumnName, columnByName } from '../../../protocol/metrics.ts';
import type { RunView } from '../../../protocol/query.ts';
import type { ColumnSeries, ContainerEntry, ProcessEntry, RunDirectory } from '../../store/model.ts';
import { processKey } from '../summary.ts';
import { unitValue } from '../unit-value.ts';

/** Times in ms since the start of the run, values in their unit. */
export interface Samples {
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Where cells of a level stand for samples: the greatest level, or rate per second, until the next; NaN: not known. */
  readonly highs?: Float64Array;
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

/** `series`: of the columns that are asked for, whole. */
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
      return samplesOf(one, column);
    },
  };
}

export function samplesOf({ times, values, spread }: ColumnSeries, column: Column): Samples {
  const inUnit = (value: number): number => unitValue(value, column);
  return { times, values: values.map(inUnit), ...(spread && { highs: spread.high.map(inUnit) }) };
}

export function growthOf({ values }: Samples): number {
  return (values.at(-1) ?? 0) - (values[0] ?? 0);
}

/** Of a level; of rates (`ratesOf`) the greatest. */
export function peakOf({ values, highs }: Samples): number {
  const greatest = (list: Float64Array): number =>
    list.reduce((most, value) => (Number.isNaN(value) ? most : Math.max(most, value)), 0);
  return Math.max(greatest(values), highs === undefined ? 0 : greatest(highs));
}

/** CPU time of a process, user and kernel mode together. */
export function cpuOfProcess(samples: RunSamples, process: ProcessEntry): Samples | undefined {
  const user = samples.of('process', process, 'utimeTicks') ?? samples.of('process', process, 'cpuTimeMs');
  const system = samples.of('process', process, 'stimeTicks');
  if (user === undefined) return undefined;
  return { times: user.times, values: user.values.map((value, i) => value + (system?.values[i] ?? 0)) };
}

/** Of a counter: what it grew by per second, between each two samples; `times` are those of the later ones. */
export function ratesOf({ times, values, highs }: Samples): Samples {
  const growthAt = (i: number): number => (values[i + 1] as number) - (values[i] as number);
  const secondsAt = (i: number): number => ((times[i + 1] as number) - (times[i] as number)) / 1000;
  return {
    times: times.subarray(1),
    values: values.subarray(1).map((_, i) => growthAt(i) / secondsAt(i)),
    ...(highs && { highs: highs.subarray(0, -1) }),
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

/**
 * A container's memory without its page cache, at the same times. Of cells, the greatest level is one that was reached:
 * the memory's greatest less the cache's greatest, however the two moved.
 */
export function withoutCache(memory: Samples, cache: Samples | undefined): Samples {
  const less = (from: Float64Array, what: Float64Array | undefined): Float64Array =>
    from.map((value, i) => value - (what?.[i] ?? 0));
  return {
    times: memory.times,
    values: less(memory.values, cache?.values),
    ...(memory.highs && { highs: less(memory.highs, cache?.highs) }),
  };
}
