/**
 * The charts of a run: for each, how it looks, what it asks the server for, and how the answer becomes a model.
 * Adding a chart is adding one entry to `runCharts`.
 */
import type { MetricName } from '../../../protocol/metrics.ts';
import type { ProcessView, SeriesAnswer, SeriesQuery } from '../../../protocol/query.ts';
import { bytes, bytesPerSecond, cores, count, percent } from '../format.ts';
import {
  binaryIncrements,
  type ChartModel,
  type ChartSeries,
  type ChartStyle,
  inkAt,
} from './chart-model.ts';
import type { ChartView, StackedBy } from './chart-view.ts';
import { ioBytesOf, ownAndShortLivedCpu, peakRssOf } from './chosen-processes.ts';
import {
  type Buckets,
  isAlive,
  isPresent,
  type LineTable,
  linesOf,
  lineTable,
  sum,
  type Values,
} from './lines.ts';

export interface RunChart {
  readonly style: ChartStyle;
  /** The metric without which there is nothing to show; absent: shown in any case. */
  readonly metric?: MetricName;
  /** By which the heaviest processes are found; absent: it shows no processes. */
  readonly weight?: (process: ProcessView) => number;
  /**
   * Sets of columns and the subjects to read them of: one request each.
   *
   * @param keys processes whose lines are wanted each by itself; all others are added up
   */
  ask(keys: readonly string[], by: StackedBy): ChartQuestion[];
  series(answer: ChartAnswer): ChartSeries[];
}

export type ChartQuestion = Pick<SeriesQuery, 'columns' | 'processes' | 'together'>;

export interface ChartAnswer {
  readonly table: LineTable;
  readonly length: number;
  readonly view: ChartView;
}

const CPU_COLUMNS = ['utimeTicks', 'stimeTicks', 'cpuTimeMs'];
const SHORT_LIVED_COLUMNS = ['shortLivedUserTicks', 'shortLivedSystemTicks'];

const cpu: RunChart = {
  style: { title: 'CPU', axis: 'cores', stacked: true, format: cores, least: 0.1 },
  weight: ownAndShortLivedCpu,
  ask: (keys, by) => processQuestion([...CPU_COLUMNS, ...SHORT_LIVED_COLUMNS], keys, by),
  series: (answer) => {
    const shortLived = sum(allLines(answer.table, SHORT_LIVED_COLUMNS), answer.length);
    return [
      ...byName(answer, CPU_COLUMNS),
      ...(isAlive(shortLived)
        ? [{ label: 'short-lived processes', ink: 'short-lived', values: shortLived } as const]
        : []),
    ];
  },
};

const memory: RunChart = {
  style: {
    title: 'Resident memory',
    axis: 'bytes',
    stacked: true,
    format: bytes,
    increments: binaryIncrements,
    least: 2 ** 20,
  },
  weight: peakRssOf,
  ask: (keys, by) => processQuestion(['rssBytes'], keys, by),
  series: (answer) => byName(answer, ['rssBytes']),
};

interface LineLook {
  readonly column: string;
  readonly label: string;
  readonly ink: ChartSeries['ink'];
  readonly dashed?: boolean;
}

const IO_LINES: readonly LineLook[] = [
  { column: 'readBytes', label: 'read from storage', ink: inkAt(0) },
  { column: 'writeBytes', label: 'written to storage', ink: inkAt(1) },
  { column: 'rcharBytes', label: 'by read calls', ink: inkAt(0), dashed: true },
  { column: 'wcharBytes', label: 'by write calls', ink: inkAt(1), dashed: true },
];

const io: RunChart = {
  style: {
    title: 'IO',
    axis: 'bytes per second',
    stacked: false,
    format: bytesPerSecond,
    increments: binaryIncrements,
    least: 1024,
  },
  weight: ioBytesOf,
  ask: (keys) => processQuestion(columnsOf(IO_LINES), keys, 'process'),
  series: (answer) => totals(answer, IO_LINES),
};

const THREAD_LINES: readonly LineLook[] = [
  { column: 'threadsRunning', label: 'running', ink: inkAt(0) },
  { column: 'threadsUninterruptible', label: 'waiting, not to be woken (storage)', ink: inkAt(2) },
  { column: 'threadsSleeping', label: 'sleeping', ink: inkAt(4) },
  { column: 'threadsOther', label: 'stopped, traced or ended', ink: 'others' },
];

const threads: RunChart = {
  style: { title: 'Threads', axis: 'by state', stacked: true, format: count, least: 1 },
  metric: 'threads',
  weight: () => 0,
  ask: (keys) => processQuestion(columnsOf(THREAD_LINES), keys, 'process'),
  series: (answer) => totals(answer, THREAD_LINES),
};

const PRESSURE_LINES: readonly LineLook[] = [
  { column: 'psiCpuSomeUs', label: 'waiting for a CPU', ink: inkAt(0) },
  { column: 'psiMemorySomeUs', label: 'waiting for memory', ink: inkAt(1) },
  { column: 'psiIoSomeUs', label: 'waiting for IO', ink: inkAt(2) },
  { column: 'throttledUs', label: 'throttled', ink: inkAt(3), dashed: true },
];

const pressure: RunChart = {
  style: {
    title: 'Pressure and throttling',
    axis: 'share of the time',
    stacked: false,
    format: percent,
    least: 0.05,
  },
  ask: () =>
    ['containers', 'hosts'].map((processes) => ({ columns: columnsOf(PRESSURE_LINES).join(','), processes })),
  series: ({ table }) =>
    PRESSURE_LINES.flatMap(({ column, ...look }) => {
      const subjects = [...(table.get(column) ?? [])];
      return subjects.map(([key, values]) => ({
        ...look,
        label: subjects.length > 1 ? `${look.label} · ${key}` : look.label,
        values,
      }));
    }),
};

export const runCharts: readonly RunChart[] = [cpu, memory, io, pressure, threads];

/** What the charts ask for at this view. */
export function questionsOf(chart: RunChart, { by, named, chosen }: ChartView): ChartQuestion[] {
  const alone = chart.style.stacked && chart.metric === undefined && by === 'process' ? named : [];
  return chart.ask([...new Set([...alone, ...(chosen ? [chosen] : [])].map(({ key }) => key))], by);
}

/** The model of a chart from the answers to its questions. All answers are of the same stretch and bucket count. */
export function chartModel(
  chart: RunChart,
  answers: readonly SeriesAnswer[],
  { view, intervalMs }: { readonly view: ChartView; readonly intervalMs: number },
): ChartModel {
  const whole = merged(answers);
  return {
    times: whole.times.map((ms) => ms / 1000),
    gapsAt: whole.gaps.map((gap) => gap.atMs / 1000),
    series: chart.series({ table: lineTable(whole, intervalMs), length: whole.times.length, view }),
  };
}

function merged(answers: readonly SeriesAnswer[]): Buckets {
  return {
    times: answers[0]?.times ?? [],
    gaps: answers[0]?.gaps ?? [],
    lines: answers.flatMap((answer) => answer.lines),
  };
}

function processQuestion(
  columns: readonly string[],
  keys: readonly string[],
  by: StackedBy,
): ChartQuestion[] {
  const names = columns.join(',');
  if (by === 'container') return [{ columns: names, together: 'containers' }];
  return [{ columns: names, together: 'others', ...(keys.length > 0 && { processes: keys.join(',') }) }];
}

function columnsOf(lines: readonly LineLook[]): string[] {
  return lines.map(({ column }) => column);
}

function allLines(table: LineTable, columns: readonly string[]): Values[] {
  return columns.flatMap((column) => [...(table.get(column)?.values() ?? [])]);
}

/** Each column as one line: of the chosen process, else of all. */
function totals({ table, length, view }: ChartAnswer, looks: readonly LineLook[]): ChartSeries[] {
  const { chosen } = view;
  return looks
    .map(({ column, ...look }) => ({
      ...look,
      values: sum(chosen ? linesOf(table, [column], chosen.key) : allLines(table, [column]), length),
    }))
    .filter((series) => isPresent(series.values));
}

/** One series for each that has a name, and one for all others together. */
function byName({ table, length, view }: ChartAnswer, columns: readonly string[]): ChartSeries[] {
  const own = view.named.map(({ key, label, ink }) => ({
    label,
    ink,
    values: sum(linesOf(table, columns, key), length),
  }));
  const names = new Set(view.named.map(({ key }) => key));
  const keys = new Set(columns.flatMap((column) => [...(table.get(column)?.keys() ?? [])]));
  const rest = [...keys].filter((key) => !names.has(key));
  const others: ChartSeries = {
    label: othersLabel(view),
    ink: 'others',
    values: sum(
      rest.flatMap((key) => linesOf(table, columns, key)),
      length,
    ),
  };
  return [...own, others].filter((series) => isPresent(series.values));
}

function othersLabel({ named, others }: ChartView): string {
  if (named.length === 0) return 'all processes';
  return others === 1 ? '1 other' : `${others} others`;
}
