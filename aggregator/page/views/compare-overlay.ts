/** The charts in which two runs lie over each other: what each asks for, and its two lines. */
import type { ProcessView, RunView, SeriesAnswer, SeriesQuery } from '../../../protocol/query.ts';
import { binaryIncrements, type ChartModel, type ChartStyle } from '../charts/chart-model.ts';
import { lineTable, sum, type Values } from '../charts/lines.ts';
import { bytes, bytesPerSecond, cores, percent } from '../format.ts';
import { type Alignment, laidOnAxis, type SideName } from './compare-alignment.ts';

export interface OverlayChart {
  readonly style: ChartStyle;
  readonly columns: readonly string[];
  /** Whose lines are added up: those of all processes of the run, or of containers and, without any, hosts. */
  readonly of: 'processes' | 'containers';
}

const perSecond = { stacked: false, increments: binaryIncrements, least: 1024, format: bytesPerSecond };

export const overlayCharts: readonly OverlayChart[] = [
  {
    style: { title: 'CPU', axis: 'cores', stacked: false, format: cores, least: 0.1 },
    columns: ['utimeTicks', 'stimeTicks', 'cpuTimeMs', 'shortLivedUserTicks', 'shortLivedSystemTicks'],
    of: 'processes',
  },
  {
    style: {
      title: 'Resident memory',
      axis: 'bytes',
      stacked: false,
      format: bytes,
      increments: binaryIncrements,
      least: 2 ** 20,
    },
    columns: ['rssBytes'],
    of: 'processes',
  },
  {
    style: { title: 'Read from storage', axis: 'bytes per second', ...perSecond },
    columns: ['readBytes'],
    of: 'processes',
  },
  {
    style: { title: 'Written to storage', axis: 'bytes per second', ...perSecond },
    columns: ['writeBytes'],
    of: 'processes',
  },
  {
    style: {
      title: 'Waiting for IO',
      axis: 'share of the time',
      stacked: false,
      format: percent,
      least: 0.05,
    },
    columns: ['psiIoSomeUs'],
    of: 'containers',
  },
];

export interface ComparedRun {
  readonly run: RunView;
  /** Targets only. */
  readonly processes: readonly ProcessView[];
  readonly extentMs: number;
}

/** What to read of a run for a chart. */
export function questionsOf({
  columns,
  of,
}: OverlayChart): Pick<SeriesQuery, 'columns' | 'processes' | 'together'>[] {
  const names = columns.join(',');
  if (of === 'processes') return [{ columns: names, together: 'others' }];
  return ['containers', 'hosts'].map((subject) => ({ columns: names, processes: subject }));
}

/** One run's line: all that was answered, added up; of containers and hosts the first that has any. */
export function totalOf(
  { columns, of }: OverlayChart,
  answers: readonly SeriesAnswer[],
  intervalMs: number,
): Values {
  const found = of === 'containers' ? answers.find(({ lines }) => lines.length > 0) : answers[0];
  if (found === undefined) return [];
  const table = lineTable(found, intervalMs);
  const lines = columns.flatMap((column) => [...(table.get(column)?.values() ?? [])]);
  return sum(lines, found.times.length);
}

/** One run's line with the stretch of the run that it is of. */
export interface SideLine {
  readonly label: string;
  readonly values: Values;
  readonly span: { readonly fromMs: number; readonly toMs: number };
}

/** The baseline dashed, so that the two can be told apart without their colours. */
const LOOKS = {
  a: { ink: 'series-3', dashed: true },
  b: { ink: 'series-1' },
} as const;

/** `lines`: undefined where a run has nothing in what is shown. */
export function overlayModel(
  alignment: Alignment,
  axisMs: readonly number[],
  lines: Readonly<Record<SideName, SideLine | undefined>>,
): ChartModel {
  return {
    times: axisMs.map((ms) => ms / 1000),
    gapsAt: [],
    cutsAt: alignment.parts.slice(1).map(({ fromMs }) => fromMs / 1000),
    series: (['a', 'b'] as const).flatMap((side) => {
      const line = lines[side];
      if (line === undefined || !line.values.some((value) => value !== null)) return [];
      return [{ label: line.label, ...LOOKS[side], values: laidOnAxis(alignment, side, axisMs, line) }];
    }),
  };
}
