/** What the containers of a run used and were held up by, from all samples of their columns. */
import { type ColumnName, columnByName } from '../../protocol/metrics.ts';
import type { ColumnSeries, RunDirectory } from '../store/model.ts';
import { processKey } from './summary.ts';
import { unitValue } from './unit-value.ts';

/** Growth over the run; absent where it was not read. */
export interface ContainerUse {
  readonly name: string;
  readonly cpuSeconds?: number;
  readonly throttledSeconds?: number;
  readonly psiCpuSeconds?: number;
  readonly psiMemorySeconds?: number;
  readonly psiIoSeconds?: number;
}

const RULES: readonly (readonly [Exclude<keyof ContainerUse, 'name'>, ColumnName])[] = [
  ['cpuSeconds', 'cpuUsageUs'],
  ['throttledSeconds', 'throttledUs'],
  ['psiCpuSeconds', 'psiCpuSomeUs'],
  ['psiMemorySeconds', 'psiMemorySomeUs'],
  ['psiIoSeconds', 'psiIoSomeUs'],
];

/** Ids of the columns that it is made from. */
export const containerUseColumns: readonly number[] = RULES.map(([, name]) => columnByName(name)?.id ?? 0);

/** `series`: of `containerUseColumns`, whole; other subjects are passed over. */
export function containerUses(
  { containers }: Pick<RunDirectory, 'containers'>,
  series: readonly ColumnSeries[],
): ContainerUse[] {
  return containers.map((container) => {
    const own = series.filter(
      (one) => one.subject === 'container' && processKey(one) === processKey(container),
    );
    const grown = RULES.flatMap(([field, name]) => {
      const column = columnByName(name);
      const values = own.find((one) => one.column === column?.id)?.values;
      const [first, last] = [values?.at(0), values?.at(-1)];
      if (column === undefined || first === undefined || last === undefined) return [];
      return [[field, unitValue(last - first, column)] as const];
    });
    return { name: container.name, ...Object.fromEntries(grown) };
  });
}
