/**
 * Where the wall time of a run went. It is cut into equal stretches; in each, as much of the time as the CPU time of
 * all processes can cover counts as on a CPU, of the rest as much as their waiting for a CPU can cover as runnable, of the
 * rest of that as much as their waiting for storage, and what is left is other waiting. So the parts add up to the
 * wall time, and one busy process makes the run busy, however many others sleep.
 */
import { type ColumnName, columnByName } from '../../protocol/metrics.ts';
import type { WallSplit } from '../../protocol/wall-split.ts';
import type { ColumnSeries, ProcessEntry, RunRecord, Store } from '../store/model.ts';
import { sinceOrigin } from './counter-origin.ts';
import { type Buckets, meanRates } from './downsample.ts';
import { measuresOf } from './run-view.ts';
import { processKey } from './summary.ts';
import { unitValue } from './unit-value.ts';

const MOST_STRETCHES = 1000;

const CPU: readonly ColumnName[] = [
  'utimeTicks',
  'stimeTicks',
  'cpuTimeMs',
  'shortLivedUserTicks',
  'shortLivedSystemTicks',
];
const RUNNABLE: readonly ColumnName[] = ['runDelayNs'];
/** Three ways to see the same waits: of each process and stretch the largest counts. */
const DISK: readonly ColumnName[] = ['waitDiskMs', 'threadUninterruptibleMs', 'blockIoDelayTicks'];

const idOf = (name: ColumnName): number => columnByName(name)?.id ?? 0;
/** Ids of the columns that the split is made from. */
export const wallSplitColumns: readonly number[] = [...CPU, ...RUNNABLE, ...DISK].map(idOf);

/** `series`: of `wallSplitColumns`. */
export function wallSplitOf(
  { wallMs, intervalMs }: { readonly wallMs: number; readonly intervalMs: number },
  processes: readonly ProcessEntry[],
  series: readonly ColumnSeries[],
): WallSplit {
  const count = stretchesOf(wallMs, intervalMs);
  const buckets: Buckets = { fromMs: 0, toMs: Math.max(1, wallMs), count };
  const targets = processes.filter(({ role }) => role === 'target');
  const lines = new Lines(targets, series, buckets);
  const wallSeconds = wallMs / 1000;
  const cpu = lines.sum(CPU);
  if (cpu === undefined) return { wallSeconds };
  const runnable = lines.sum(RUNNABLE);
  const disk = lines.isDiskMeasured ? lines.sumOfLargest(DISK) : undefined;
  const parts = { cpu: 0, runnable: 0, disk: 0, other: 0 };
  for (let i = 0; i < count; i++) {
    let rest = 1;
    const covered = (line: Float64Array | undefined): number => {
      const share = Math.min(rest, Math.max(0, line?.[i] ?? 0));
      rest -= share;
      return share;
    };
    parts.cpu += covered(cpu);
    parts.runnable += covered(runnable);
    parts.disk += covered(disk);
    parts.other += rest;
  }
  const seconds = (shares: number): number => (shares / count) * wallSeconds;
  return {
    wallSeconds,
    cpuSeconds: seconds(parts.cpu),
    ...(runnable && { runnableSeconds: seconds(parts.runnable) }),
    ...(disk && { diskSeconds: seconds(parts.disk) }),
    otherSeconds: seconds(parts.other),
  };
}

export function readWallSplit(store: Pick<Store, 'directory' | 'series'>, record: RunRecord): WallSplit {
  const { wallSeconds = 0, intervalSeconds = 0 } = measuresOf(record.members);
  const wallMs = wallSeconds * 1000;
  const intervalMs = Math.max(record.intervalMs, intervalSeconds * 1000);
  const series = store.series(record.id, {
    columns: wallSplitColumns,
    resolutionMs: wallMs / stretchesOf(wallMs, intervalMs) / 2,
    meansOnly: true,
  });
  return wallSplitOf({ wallMs, intervalMs }, store.directory(record.id).processes, series);
}

function stretchesOf(wallMs: number, intervalMs: number): number {
  return Math.min(MOST_STRETCHES, Math.max(1, Math.floor(wallMs / intervalMs)));
}

/** Seconds per second in each stretch. */
class Lines {
  readonly #targets: readonly ProcessEntry[];
  readonly #series: ReadonlyMap<string, ColumnSeries>;
  readonly #buckets: Buckets;

  constructor(targets: readonly ProcessEntry[], series: readonly ColumnSeries[], buckets: Buckets) {
    this.#targets = targets;
    this.#buckets = buckets;
    const own = series.filter(({ subject, times }) => subject === 'process' && times.length > 0);
    this.#series = new Map(own.map((one) => [lineKey(one, one.column), one]));
  }

  /** Where the kernel does not account delays, their counter stays at zero: that alone measures nothing. */
  get isDiskMeasured(): boolean {
    const ids = new Set(DISK.map(idOf));
    return [...this.#series.values()].some(({ column, values }) =>
      column === idOf('blockIoDelayTicks') ? values.at(-1) !== 0 : ids.has(column),
    );
  }

  /** Undefined where none of the columns was read of any process. */
  sum(columns: readonly ColumnName[]): Float64Array | undefined {
    const total = new Float64Array(this.#buckets.count);
    let isMeasured = false;
    for (const process of this.#targets) {
      for (const line of this.#of(process, columns)) {
        isMeasured = true;
        for (let i = 0; i < total.length; i++) total[i] = (total[i] as number) + (line[i] as number);
      }
    }
    return isMeasured ? total : undefined;
  }

  sumOfLargest(columns: readonly ColumnName[]): Float64Array {
    const total = new Float64Array(this.#buckets.count);
    for (const process of this.#targets) {
      const lines = this.#of(process, columns);
      for (let i = 0; i < total.length; i++) {
        let largest = 0;
        for (const line of lines) largest = Math.max(largest, line[i] as number);
        total[i] = (total[i] as number) + largest;
      }
    }
    return total;
  }

  #of(process: ProcessEntry, columns: readonly ColumnName[]): Float64Array[] {
    const originMs = process.startMs < 0 ? undefined : process.startMs;
    return columns.flatMap((name) => {
      const column = columnByName(name);
      const one = column && this.#series.get(lineKey(process, column.id));
      if (column === undefined || one === undefined) return [];
      const rates = meanRates(sinceOrigin(one, originMs), this.#buckets);
      for (let i = 0; i < rates.length; i++) rates[i] = unitValue(rates[i] || 0, column);
      return [rates];
    });
  }
}

function lineKey(subject: Pick<ColumnSeries, 'member' | 'index'>, column: number): string {
  return `${processKey(subject)} ${column}`;
}
