/** What the containers of a run used and were held up by, from all samples of their columns. */
import { type ColumnName, columnByName } from '../../protocol/metrics.ts';
import type { ColumnSeries, ContainerEntry, RunRecord, Store } from '../store/model.ts';
import { processKey } from './summary.ts';
import { unitValue } from './unit-value.ts';
import { wholeRun } from './whole-run.ts';

/** Growth over the run; absent where it was not read. */
export interface ContainerUse {
  /** Its place in the run. */
  readonly member: number;
  readonly name: string;
  readonly cpuSeconds?: number;
  readonly throttledSeconds?: number;
  readonly psiCpuSeconds?: number;
  readonly psiMemorySeconds?: number;
  readonly psiIoSeconds?: number;
}

const RULES: readonly (readonly [Exclude<keyof ContainerUse, 'name' | 'member'>, ColumnName])[] = [
  ['cpuSeconds', 'cpuUsageUs'],
  ['throttledSeconds', 'throttledUs'],
  ['psiCpuSeconds', 'psiCpuSomeUs'],
  ['psiMemorySeconds', 'psiMemorySomeUs'],
  ['psiIoSeconds', 'psiIoSomeUs'],
];

const columns = RULES.map(([, name]) => columnByName(name)?.id ?? 0);

export function readContainerUses(
  store: Pick<Store, 'directory' | 'series'>,
  record: RunRecord,
): ContainerUse[] {
  const { containers } = store.directory(record.id);
  const { resolutionMs } = wholeRun(record, containers, columns.length);
  return containerUses(containers, store.series(record.id, { columns, resolutionMs }));
}

function containerUses(
  containers: readonly ContainerEntry[],
  series: readonly ColumnSeries[],
): ContainerUse[] {
  const bySubject = Map.groupBy(
    series.filter(({ subject }) => subject === 'container'),
    processKey,
  );
  return containers.map((container) => {
    const own = bySubject.get(processKey(container)) ?? [];
    const grown = RULES.flatMap(([field, name]) => {
      const column = columnByName(name);
      const values = own.find((one) => one.column === column?.id)?.values;
      const [first, last] = [values?.at(0), values?.at(-1)];
      if (column === undefined || first === undefined || last === undefined) return [];
      return [[field, unitValue(last - first, column)] as const];
    });
    return { member: container.member, name: container.name, ...Object.fromEntries(grown) };
  });
}
