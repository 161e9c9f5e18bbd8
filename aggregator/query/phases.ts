/**
 * The phases of a run: its time line cut where CPU use, memory or IO change their level. How: docs/comparing.md.
 */
import type { Phase } from '../../protocol/findings.ts';
import { type Column, type ColumnName, columnByName } from '../../protocol/metrics.ts';
import type { ColumnSeries, RunDirectory, RunRecord, Store } from '../store/model.ts';
import { heldLevels } from './added-lines.ts';
import { type Buckets, downsampleGauge, meanRates } from './downsample.ts';
import { measuresOf } from './run-view.ts';
import { changePoints } from './statistics/change-points.ts';
import { median, quantile } from './statistics/quantile.ts';
import { processKey } from './summary.ts';
import { unitValue } from './unit-value.ts';

/** The search looks at all pairs of cuts. */
const MOST_BUCKETS = 300;
/** A shorter run has no phases. */
const FEWEST_BUCKETS = 12;
/** Of all buckets, at least 3: a shorter stretch is an event, not a phase. */
const SHORTEST_SHARE = 1 / 40;
const MOST_PHASES = 12;
/** Turns the median step between neighbours into the deviation of one of them, for normal noise. */
const DEVIATION_BY_STEP = 1.4826 / Math.SQRT2;
/** Changes of a few percent of the whole range are no other behaviour, however little noise there is. */
const RANGE_SHARE = 0.05;

interface Dimension {
  readonly columns: readonly ColumnName[];
  /** In the unit of the column (per second, of a counter): what is always noise. */
  readonly leastDeviation: number;
}

const DIMENSIONS = {
  cores: { columns: ['utimeTicks', 'stimeTicks', 'cpuTimeMs'], leastDeviation: 0.05 },
  rssBytes: { columns: ['rssBytes'], leastDeviation: 2 ** 20 },
  readBytesPerSecond: { columns: ['readBytes'], leastDeviation: 256 * 1024 },
  writeBytesPerSecond: { columns: ['writeBytes'], leastDeviation: 256 * 1024 },
} as const satisfies Record<string, Dimension>;

type DimensionName = keyof typeof DIMENSIONS;
const names = Object.keys(DIMENSIONS) as DimensionName[];

/** Ids of the columns that phases are made from. */
export const phaseColumns: readonly number[] = names.flatMap((name) =>
  DIMENSIONS[name].columns.map((column) => columnByName(column)?.id ?? 0),
);

/**
 * `series`: of `phaseColumns`, whole. None for a run of fewer than 12 intervals, one where it behaved alike from start to
 * end.
 */
export function phasesOf(
  { wallMs, intervalMs }: { readonly wallMs: number; readonly intervalMs: number },
  targets: ReadonlySet<string>,
  series: readonly ColumnSeries[],
): Phase[] {
  // Two intervals to a bucket: a bucket without a sample of its own would copy its neighbour's.
  const count = Math.min(MOST_BUCKETS, Math.floor(wallMs / (2 * intervalMs)));
  if (count < FEWEST_BUCKETS) return [];
  const buckets: Buckets = { fromMs: 0, toMs: wallMs, count };
  const own = series.filter((one) => one.subject === 'process' && targets.has(processKey(one)));
  const lines = new Map(names.map((name) => [name, totalOf(name, own, buckets)]));
  const cuts = cutsOf([...lines].map(([name, values]) => scaled(values, DIMENSIONS[name].leastDeviation)));
  const edges = [0, ...cuts, count];
  const widthMs = wallMs / count;
  return edges.slice(1).map((to, i) => {
    const from = edges[i] as number;
    const mean = (name: DimensionName): number => {
      const values = (lines.get(name) ?? new Float64Array()).subarray(from, to);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    return {
      fromMs: from * widthMs,
      toMs: to * widthMs,
      cores: mean('cores'),
      rssBytes: mean('rssBytes'),
      readBytesPerSecond: mean('readBytesPerSecond'),
      writeBytesPerSecond: mean('writeBytesPerSecond'),
    };
  });
}

export function readPhases(store: Store, record: RunRecord): Phase[] {
  const { processes }: RunDirectory = store.directory(record.id);
  const targets = new Set(processes.filter(({ role }) => role === 'target').map(processKey));
  const { wallSeconds = 0, intervalSeconds = 0 } = measuresOf(record.members);
  const intervalMs = Math.max(record.intervalMs, intervalSeconds * 1000);
  const wallMs = wallSeconds * 1000;
  const resolutionMs = wallMs / MOST_BUCKETS / 2;
  const series = store.series(record.id, { columns: phaseColumns, resolutionMs, meansOnly: true });
  return phasesOf({ wallMs, intervalMs }, targets, series);
}

/** All processes together, in each bucket. */
function totalOf(name: DimensionName, series: readonly ColumnSeries[], buckets: Buckets): Float64Array {
  const total = new Float64Array(buckets.count);
  for (const columnName of DIMENSIONS[name].columns) {
    const column = columnByName(columnName);
    if (column === undefined) continue;
    for (const one of series) {
      if (one.column !== column.id) continue;
      const means = meansOf(one, column, buckets);
      for (let bucket = 0; bucket < means.length; bucket++) {
        const mean = means[bucket] as number;
        if (!Number.isNaN(mean)) total[bucket] = (total[bucket] as number) + unitValue(mean, column);
      }
    }
  }
  return total;
}

/** A level holds from one sample to the next, which may lie several buckets on. Outside the life of a process: zero. */
function meansOf(series: ColumnSeries, { kind }: Column, buckets: Buckets): Float64Array {
  return kind === 'counter' ? meanRates(series, buckets) : heldLevels(downsampleGauge(series, buckets)).mean;
}

/** In units of its noise: the deviation that the steps between neighbours show. */
function scaled(values: Float64Array, leastDeviation: number): Float64Array {
  const steps = [...values].slice(1).map((value, i) => Math.abs(value - (values[i] as number)));
  const range = quantile([...values], 0.95) - quantile([...values], 0.05);
  const deviation = Math.max(leastDeviation, DEVIATION_BY_STEP * median(steps), RANGE_SHARE * range);
  return values.map((value) => value / deviation);
}

/** The penalty grows until there are few enough phases to be looked at. */
function cutsOf(dimensions: readonly Float64Array[]): number[] {
  const count = dimensions[0]?.length ?? 0;
  const shortest = Math.max(3, Math.ceil(count * SHORTEST_SHARE));
  let penalty = 2 * (dimensions.length + 1) * Math.log(count);
  for (;;) {
    const cuts = changePoints(dimensions, { penalty, shortest });
    if (cuts.length < MOST_PHASES) return cuts;
    penalty *= 2;
  }
}
