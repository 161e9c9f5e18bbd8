/** How a run stands among the newest runs of its workload. */
import type { RunView } from '../../../protocol/query.ts';
import type { RunFigure } from '../../../protocol/run-choices.ts';
import type { RecentRun, WorkloadView } from '../../../protocol/run-list.ts';
import { sparkline } from '../charts/sparkline.ts';
import { figureColumns } from './run-columns.ts';
import { sortValue } from './run-pages.ts';

/** By workload. One answer holds those of all workloads, so that no row of the list asks for its own. */
export type Trends = ReadonlyMap<string, readonly RecentRun[]>;

export function trendsOf(workloads: readonly WorkloadView[]): Trends {
  return new Map(workloads.map(({ workload, recent }) => [workloadKey(workload), recent]));
}

export function workloadKey({ kind, namespace = '', name }: RunView['workload']): string {
  return `${kind}/${namespace}/${name}`;
}

/** Undefined where there is nothing to hold the run against. */
export function trend(
  run: RunView,
  recent: readonly RecentRun[] = [],
  figure: RunFigure,
): SVGElement | undefined {
  const bars = recent.map((one) => ({
    // The run's own record is newer.
    value: one.number === run.number ? sortValue(run, figure) : one[figure],
    isMarked: one.number === run.number,
  }));
  if (bars.filter(({ value }) => value !== undefined).length < 2) return undefined;
  const isAmong = bars.some(({ isMarked }) => isMarked);
  const older = isAmong || run.number > (recent.at(-1)?.number ?? 0) ? undefined : sortValue(run, figure);
  return sparkline(bars, older, trendWords(bars, run, figure));
}

function trendWords(
  bars: readonly { readonly value: number | undefined }[],
  run: RunView,
  figure: RunFigure,
): string {
  const { label, format } = figureColumns[figure];
  const values = bars.flatMap(({ value }) => value ?? []).toSorted((a, b) => a - b);
  const median = values[values.length >> 1] ?? 0;
  const own = sortValue(run, figure);
  const head = own === undefined ? label : `${label} ${format(own)}`;
  return `${head}; median of the last ${values.length} runs ${format(median)}`;
}
