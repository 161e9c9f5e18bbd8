/** A run as a page that was saved holds it: small, whatever the length of the run. */
import type { SeriesLine } from '../../protocol/query.ts';
import type { RunSnapshot, SeriesSnapshot, SnapshotLine } from '../../protocol/snapshot.ts';
import { hasContainers } from '../page/charts/chart-view.ts';
import { heldProcesses } from '../page/charts/chosen-processes.ts';
import { outputQuestion } from '../page/charts/output-lines.ts';
import { runCharts } from '../page/charts/run-charts.ts';
import { readFindings } from '../query/findings/findings.ts';
import { readPhases } from '../query/phases.ts';
import { buildSeries, planSeries } from '../query/series.ts';
import { readWallSplit } from '../query/wall-split.ts';
import type { ExportedRun } from './exported-run.ts';

const MOST_POINTS = 1000;
const FEWEST_POINTS = 50;
/** Of a mean. More than a pixel of any chart. */
const DIGITS = 5;
/** Of the application's own figures. */
const MOST_OUTPUTS = 64;

export function runSnapshot(exported: ExportedRun): RunSnapshot {
  const { store, stateOf, record, run, processes, directory } = exported;
  return {
    run,
    processes,
    events: directory.events,
    findings: readFindings(store, stateOf, record),
    phases: readPhases(store, record),
    wallSplit: readWallSplit(store, record),
    series: seriesSnapshot(exported),
  };
}

/** The lines that the charts of the page ask for: of the heaviest processes, of all others together, and of each container. */
function seriesSnapshot({ store, record, run, directory, processes }: ExportedRun): SeriesSnapshot {
  const targets = processes.filter(({ role }) => role === 'target');
  const toMs = Math.max(1, (run.measures.wallSeconds ?? 0) * 1000, ...targets.map(({ endMs = 0 }) => endMs));
  const count = Math.min(MOST_POINTS, Math.max(FEWEST_POINTS, Math.ceil(toMs / record.intervalMs)));
  const answers = runCharts
    .flatMap((chart) => {
      const keys = heldProcesses(targets, chart.weight ?? (() => 0));
      const byProcess = chart.ask(keys, 'process');
      return hasContainers(targets) ? [...byProcess, ...chart.ask([], 'container')] : byProcess;
    })
    .concat(directory.outputs === undefined ? [] : [outputQuestion])
    .map((question) => {
      const plan = planSeries({ ...question, from: 0, to: toMs, points: count }, record, directory);
      return buildSeries(plan, record, directory, store.series(record.id, plan.request));
    });
  const lines = new Map<string, SnapshotLine>();
  for (const { min: _, max: __, ...line } of answers.flatMap((answer) => heldLines(answer.lines))) {
    lines.set(`${line.subject} ${line.key} ${line.column}`, { ...line, mean: line.mean.map(rounded) });
  }
  return { fromMs: 0, toMs, count, gaps: answers[0]?.gaps ?? [], lines: [...lines.values()] };
}

function heldLines(lines: readonly SeriesLine[]): readonly SeriesLine[] {
  return lines[0]?.subject === 'output' ? lines.slice(0, MOST_OUTPUTS) : lines;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(DIGITS));
}
