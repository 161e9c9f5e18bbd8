/** What the containers of a workload needed, over several of its runs. */
import { type ColumnName, columnByName } from '../../../protocol/metrics.ts';
import type { ContainerNeed, Need } from '../../../protocol/needs.ts';
import type { ColumnSeries, RunDirectory, RunRecord, Store } from '../../store/model.ts';
import { growthOf, peakOf, ratesOf, type Samples, samplesOf, withoutCache } from '../findings/samples.ts';
import { quantile } from '../statistics/quantile.ts';
import { processKey } from '../summary.ts';
import { wholeRun } from '../whole-run.ts';

/** What is read of a run. */
export interface ContainerSamples {
  readonly directory: Pick<RunDirectory, 'containers'>;
  readonly series: readonly ColumnSeries[];
}

const COLUMNS: readonly ColumnName[] = [
  'cpuUsageUs',
  'memoryCurrentBytes',
  'memoryFileBytes',
  'memoryPeakBytes',
  'cpuLimitMillicores',
  'memoryLimitBytes',
];

export function readContainerSamples(store: Store, record: RunRecord): ContainerSamples {
  const directory = store.directory(record.id);
  const columns = COLUMNS.map((name) => columnByName(name)?.id ?? 0);
  const { resolutionMs } = wholeRun(record, directory.containers, COLUMNS.length);
  return { directory, series: store.series(record.id, { columns, resolutionMs }) };
}

/**
 * `runs`: newest first; each is let go of before the next is taken. Of a container in several runs and members, the
 * greatest p95 and the greatest peak: a request holds for each of its pods. By name; containers without samples are
 * left out.
 */
export function containerNeeds(runs: Iterable<ContainerSamples>): ContainerNeed[] {
  const needs = [...needsByRun(runs)];
  return [...Map.groupBy(needs, ({ name }) => name)]
    .map(([name, all]) => ({
      name,
      cpuCores: greatest(all.map(({ cpuCores }) => cpuCores)),
      memoryBytes: greatest(all.map(({ memoryBytes }) => memoryBytes)),
      limits: all[0]?.limits ?? {},
      runs: new Set(all.map(({ run }) => run)).size,
      samples: all.reduce((sum, { samples }) => sum + samples, 0),
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

interface NeedInRun extends Omit<ContainerNeed, 'runs'> {
  readonly run: number;
}

function* needsByRun(runs: Iterable<ContainerSamples>): Generator<NeedInRun> {
  let run = 0;
  for (const { directory, series } of runs) {
    const ofContainers = series.filter(({ subject }) => subject === 'container');
    const bySubject = Map.groupBy(ofContainers, processKey);
    for (const container of directory.containers) {
      const need = needOf(bySubject.get(processKey(container)) ?? []);
      if (need !== undefined) yield { ...need, name: container.name, run };
    }
    run += 1;
  }
}

function greatest(needs: readonly Need[]): Need {
  return {
    p95: Math.max(...needs.map(({ p95 }) => p95)),
    peak: Math.max(...needs.map(({ peak }) => peak)),
  };
}

function needOf(own: readonly ColumnSeries[]): Omit<ContainerNeed, 'name' | 'runs'> | undefined {
  const cpu = found(own, 'cpuUsageUs');
  const memory = found(own, 'memoryCurrentBytes');
  if (cpu === undefined || memory === undefined || growthOf(cpu) <= 0) return undefined;
  const cache = found(own, 'memoryFileBytes');
  const memoryNeed = need(withoutCache(memory, cache));
  const peaks = found(own, 'memoryPeakBytes');
  const cpuLimit = found(own, 'cpuLimitMillicores')?.values.at(-1);
  const memoryLimit = found(own, 'memoryLimitBytes')?.values.at(-1);
  return {
    cpuCores: need(ratesOf(cpu)),
    memoryBytes: {
      ...memoryNeed,
      peak: Math.max(memoryNeed.peak, peaks === undefined ? 0 : peakBetweenSamples(peaks, cache)),
    },
    limits: {
      ...(cpuLimit !== undefined && { cpuCores: cpuLimit }),
      ...(memoryLimit !== undefined && { memoryBytes: memoryLimit }),
    },
    samples: memory.values.length,
  };
}

/**
 * The kernel notes the greatest memory also between two samples, page cache included. Where that rose, it is counted less
 * the more that the cache had on either side: no more than was reached.
 */
function peakBetweenSamples({ values, highs }: Samples, cache: Samples | undefined): number {
  const cacheAt = (i: number): number => cache?.highs?.[i] ?? cache?.values[i] ?? 0;
  return (highs ?? values).reduce((most, peak, i, peaks) => {
    if (i === 0 || peak <= (peaks[i - 1] as number)) return most;
    return Math.max(most, peak - Math.max(cacheAt(i - 1), cacheAt(i)));
  }, 0);
}

function need(levels: Samples): Need {
  return { p95: quantile(levels.values, 0.95), peak: peakOf(levels) };
}

function found(own: readonly ColumnSeries[], name: ColumnName): Samples | undefined {
  const column = columnByName(name);
  const one = own.find((candidate) => candidate.column === column?.id);
  if (column === undefined || one === undefined || one.values.length < 2) return undefined;
  return samplesOf(one, column);
}
