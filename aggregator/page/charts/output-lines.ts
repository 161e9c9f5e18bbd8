/** The application's own figures, which a run has besides what is measured of it, as charts. Everything here is pure. */
import type { RunView, SeriesAnswer } from '../../../protocol/query.ts';
import { count } from '../format.ts';
import { type ChartModel, type ChartStyle, INK_COUNT, inkAt } from './chart-model.ts';
import { lineTable } from './lines.ts';
import type { ChartQuestion } from './run-charts.ts';

const COLUMN = 'outputValue';
/** Numbers of all lines together that one answer holds, about. */
const MOST_NUMBERS = 150_000;
const FEWEST_POINTS = 50;

export const outputQuestion: ChartQuestion = { columns: COLUMN, processes: 'outputs' };

/** Figures of one name: those of several members, or with several labels, are lines of one chart. */
export interface OutputChart {
  readonly name: string;
  readonly keys: readonly string[];
}

/**
 * Whether it may be worth asking for figures: a program that tells some has results of them, and a run of which nothing
 * was measured is one of figures that were imported.
 */
export function mayHaveOutputs({ results = [], metrics }: Pick<RunView, 'results' | 'metrics'>): boolean {
  return metrics.length === 0 || results.some(({ name }) => name.endsWith('.last'));
}

/** In the order of the answer; of more lines than there are colours, several charts. */
export function outputCharts(
  { lines }: Pick<SeriesAnswer, 'lines'>,
  { members }: Pick<RunView, 'members'>,
): OutputChart[] {
  const byName = Map.groupBy(
    lines.map(({ key }) => key),
    (key) => nameOf(key, members),
  );
  return [...byName].flatMap(([name, keys]) =>
    Array.from({ length: Math.ceil(keys.length / INK_COUNT) }, (_, part) => ({
      name,
      keys: keys.slice(part * INK_COUNT, (part + 1) * INK_COUNT),
    })),
  );
}

function nameOf(key: string, members: RunView['members']): string {
  const own = members.length > 1 ? members.find(({ name }) => key.startsWith(`${name}/`)) : undefined;
  const [name = ''] = key.slice(own === undefined ? 0 : own.name.length + 1).split('{');
  return name || key;
}

export function outputStyle({ name }: OutputChart): ChartStyle {
  return { title: name, axis: 'as the program told', stacked: false, format: figure, least: 0, free: true };
}

/** As many points as are drawn, or fewer where there are very many figures. */
export function outputPoints(whole: number, figures: number): number {
  return Math.min(whole, Math.max(FEWEST_POINTS, Math.floor(MOST_NUMBERS / Math.max(1, figures))));
}

export function outputModel({ keys }: OutputChart, answer: SeriesAnswer, intervalMs: number): ChartModel {
  const table = lineTable(answer, intervalMs).get(COLUMN);
  return {
    times: answer.times.map((ms) => ms / 1000),
    gapsAt: answer.gaps.map(({ atMs }) => atMs / 1000),
    series: keys.flatMap((key, index) => {
      const values = table?.get(key);
      return values === undefined ? [] : [{ label: key, ink: inkAt(index), values }];
    }),
  };
}

/** Very small and very large ones with an exponent: nobody vouches for their size. */
function figure(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e9)) return value.toExponential(2);
  return count(value);
}
