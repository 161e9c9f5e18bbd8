/**
 * The four charts of a run: for each, how it looks, what it asks the server for, and how the answer becomes a
 * model. Adding a chart is adding one entry to `runCharts`.
 */
import type { ProcessView, SeriesAnswer } from '../../../protocol/query.ts';
import { bytes, bytesPerSecond, cores, duration, percent } from '../format.ts';
import {
  binaryIncrements,
  type ChartModel,
  type ChartSeries,
  type ChartStyle,
  inkAt,
} from './chart-model.ts';
import {
  drawnProcesses,
  ioBytesOf,
  type NamedProcess,
  ownAndShortLivedCpu,
  peakRssOf,
} from './chosen-processes.ts';
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
  /** Sets of columns and the subjects to read them of: one request each. */
  ask(processes: readonly ProcessView[]): ChartQuestion[];
  series(answer: ChartAnswer): ChartSeries[];
  note?(processes: readonly ProcessView[]): string | undefined;
}

export interface ChartQuestion {
  readonly columns: string;
  readonly processes: string;
}

export interface ChartAnswer {
  readonly table: LineTable;
  readonly length: number;
  readonly named: readonly NamedProcess[];
}

const CPU_COLUMNS = ['utimeTicks', 'stimeTicks', 'cpuTimeMs'];
const SHORT_LIVED_COLUMNS = ['shortLivedUserTicks', 'shortLivedSystemTicks'];

const cpu: RunChart = {
  style: { title: 'CPU', axis: 'cores', stacked: true, format: cores, least: 0.1 },
  ask: (processes) =>
    question([...CPU_COLUMNS, ...SHORT_LIVED_COLUMNS], drawnProcesses(processes, ownAndShortLivedCpu).keys),
  series: (answer) => {
    const shortLived = sum(allLines(answer.table, SHORT_LIVED_COLUMNS), answer.length);
    return [
      ...byProcess(answer, CPU_COLUMNS),
      ...(isAlive(shortLived)
        ? [{ label: 'short-lived processes', ink: 'short-lived', values: shortLived } as const]
        : []),
    ];
  },
  note: (processes) => leftOut(drawnProcesses(processes, ownAndShortLivedCpu), duration, 'of CPU time'),
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
  ask: (processes) => question(['rssBytes'], drawnProcesses(processes, peakRssOf).keys),
  series: (answer) => byProcess(answer, ['rssBytes']),
  note: (processes) => leftOut(drawnProcesses(processes, peakRssOf), bytes, 'of memory at their peaks'),
};

const IO_LINES = [
  { column: 'readBytes', label: 'read from storage' },
  { column: 'writeBytes', label: 'written to storage' },
  { column: 'rcharBytes', label: 'by read calls', dashed: true },
  { column: 'wcharBytes', label: 'by write calls', dashed: true },
] as const;

const io: RunChart = {
  style: {
    title: 'IO',
    axis: 'bytes per second',
    stacked: false,
    format: bytesPerSecond,
    increments: binaryIncrements,
    least: 1024,
  },
  ask: (processes) =>
    question(
      IO_LINES.map((line) => line.column),
      drawnProcesses(processes, ioBytesOf).keys,
    ),
  series: ({ table, length }) =>
    IO_LINES.map(({ column, ...look }, index) => ({
      ...look,
      ink: inkAt(index % 2),
      values: sum(allLines(table, [column]), length),
    })).filter((line) => isPresent(line.values)),
  note: (processes) => leftOut(drawnProcesses(processes, ioBytesOf), bytes, 'of IO'),
};

const PRESSURE_LINES = [
  { column: 'psiCpuSomeUs', label: 'waiting for a CPU' },
  { column: 'psiMemorySomeUs', label: 'waiting for memory' },
  { column: 'psiIoSomeUs', label: 'waiting for IO' },
  { column: 'throttledUs', label: 'throttled', dashed: true },
] as const;

const pressure: RunChart = {
  style: { title: 'Pressure', axis: 'share of the time', stacked: false, format: percent, least: 0.05 },
  ask: () =>
    ['containers', 'hosts'].map((subject) => ({
      columns: PRESSURE_LINES.map((line) => line.column).join(','),
      processes: subject,
    })),
  series: ({ table }) =>
    PRESSURE_LINES.flatMap(({ column, ...look }, index) => {
      const subjects = [...(table.get(column) ?? [])];
      return subjects.map(([key, values]) => ({
        ...look,
        label: subjects.length > 1 ? `${look.label} · ${key}` : look.label,
        ink: inkAt(index),
        values,
      }));
    }),
};

export const runCharts: readonly RunChart[] = [cpu, memory, io, pressure];

/** What a chart needs to know of the run besides the answers. */
export interface ChartSubject {
  /** Targets only. */
  readonly processes: readonly ProcessView[];
  readonly named: readonly NamedProcess[];
  readonly intervalMs: number;
}

/** The model of a chart from the answers to its questions. All answers are of the same stretch and bucket count. */
export function chartModel(
  chart: RunChart,
  answers: readonly SeriesAnswer[],
  { processes, named, intervalMs }: ChartSubject,
): ChartModel {
  const whole = merged(answers);
  const note = chart.note?.(processes);
  return {
    times: whole.times.map((ms) => ms / 1000),
    gapsAt: whole.gaps.map((gap) => gap.atMs / 1000),
    series: chart.series({ table: lineTable(whole, intervalMs), length: whole.times.length, named }),
    ...(note === undefined ? {} : { note }),
  };
}

function merged(answers: readonly SeriesAnswer[]): Buckets {
  return {
    times: answers[0]?.times ?? [],
    gaps: answers[0]?.gaps ?? [],
    lines: answers.flatMap((answer) => answer.lines),
  };
}

function question(columns: readonly string[], keys: readonly string[]): ChartQuestion[] {
  return keys.length === 0 ? [] : [{ columns: columns.join(','), processes: keys.join(',') }];
}

function allLines(table: LineTable, columns: readonly string[]): Values[] {
  return columns.flatMap((column) => [...(table.get(column)?.values() ?? [])]);
}

/** One series per named process, and one for all others together. */
function byProcess({ table, length, named }: ChartAnswer, columns: readonly string[]): ChartSeries[] {
  const own = named.map((process) => ({
    label: process.label,
    ink: process.ink,
    values: sum(linesOf(table, columns, process.key), length),
  }));
  const names = new Set(named.map((process) => process.key));
  const keys = new Set(columns.flatMap((column) => [...(table.get(column)?.keys() ?? [])]));
  const rest = [...keys].filter((key) => !names.has(key));
  const others: ChartSeries = {
    label: rest.length === 1 ? '1 other' : `${rest.length} others`,
    ink: 'others',
    values: sum(
      rest.flatMap((key) => linesOf(table, columns, key)),
      length,
    ),
  };
  return [...own, others].filter((series) => isPresent(series.values));
}

function leftOut(
  drawn: { readonly left: number; readonly leftWeight: number },
  format: (value: number) => string,
  ofWhat: string,
): string | undefined {
  if (drawn.left === 0) return undefined;
  return `Not drawn: ${drawn.left} lesser processes with ${format(drawn.leftWeight)} ${ofWhat} together.`;
}
