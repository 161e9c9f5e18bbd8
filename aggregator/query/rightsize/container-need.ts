/** What the containers of a workload needed, over several of its runs. */
import { type ColumnName, columnByName } from '../../../protocol/metrics.ts';
import type { ContainerNeed, Need } from '../../../protocol/needs.ts';
import type { ColumnSeries, RunDirectory, RunRecord, Store } from '../../store/model.ts';
import { growthOf, ratesOf, type Samples } from '../findings/samples.ts';
import { quantile } from '../statistics/quantile.ts';
import { processKey } from '../summary.ts';
import { unitValue } from '../unit-value.ts';

/** What is read of a run. */
export interface ContainerSamples {
  readonly directory: Pick<RunDirectory, 'containers'>;
  readonly series: readonly ColumnSeries[];
}

const COLUMNS: readonly ColumnName[] = [
  'cpuUsageUs',
  'memoryCurrentBytes',
  'memoryFileBytes',
  'cpuLimitMillicores',
  'memoryLimitBytes',
];

export function readContainerSamples(store: Store, records: readonly RunRecord[]): ContainerSamples[] {
  const columns = COLUMNS.map((name) => columnByName(name)?.id ?? 0);
  return records.map(({ id }) => ({ directory: store.directory(id), series: store.series(id, { columns }) }));
}

/**
 * `runs`: newest first. Of a container in several runs and members, the greatest p95 and the greatest peak: a request
 * holds for each of its pods. By name; containers without samples are left out.
 */
export function containerNeeds(runs: readonly ContainerSamples[]): ContainerNeed[] {
  const found = runs.flatMap(({ directory, series }, run) =>
    directory.containers.flatMap((container) => {
      const own = series.filter(
        (one) => one.subject === 'container' && processKey(one) === processKey(container),
      );
      const need = needOf(own);
      return need === undefined ? [] : [{ ...need, name: container.name, run }];
    }),
  );
  return [...Map.groupBy(found, ({ name }) => name)]
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

function greatest(needs: readonly Need[]): Need {
  return {
    p95: Math.max(...needs.map(({ p95 }) => p95)),
    peak: Math.max(...needs.map(({ peak }) => peak)),
  };
}

function needOf(own: readonly ColumnSeries[]): Omit<ContainerNeed, 'name' | 'runs'> | undefined {
  const cpu = samplesOf(own, 'cpuUsageUs');
  const memory = samplesOf(own, 'memoryCurrentBytes');
  if (cpu === undefined || memory === undefined || growthOf(cpu) <= 0) return undefined;
  const cache = samplesOf(own, 'memoryFileBytes');
  const cpuLimit = samplesOf(own, 'cpuLimitMillicores')?.values.at(-1);
  const memoryLimit = samplesOf(own, 'memoryLimitBytes')?.values.at(-1);
  return {
    cpuCores: need(ratesOf(cpu).values),
    memoryBytes: need(memory.values.map((value, i) => value - (cache?.values[i] ?? 0))),
    limits: {
      ...(cpuLimit !== undefined && { cpuCores: cpuLimit }),
      ...(memoryLimit !== undefined && { memoryBytes: memoryLimit }),
    },
    samples: memory.values.length,
  };
}

function need(values: readonly number[]): Need {
  return { p95: quantile(values, 0.95), peak: Math.max(...values) };
}

function samplesOf(own: readonly ColumnSeries[], name: ColumnName): Samples | undefined {
  const column = columnByName(name);
  const one = own.find((candidate) => candidate.column === column?.id);
  if (column === undefined || one === undefined || one.values.length < 2) return undefined;
  return { times: [...one.times], values: [...one.values].map((value) => unitValue(value, column)) };
}
