/** Everything that `podometer show` tells of a run. */
import type { Deviation } from '../../protocol/deviation.ts';
import type { Finding, Phase } from '../../protocol/findings.ts';
import type { ProcessView, RunView } from '../../protocol/query.ts';
import type { RunEvent } from '../../protocol/run.ts';
import type { WallSplit } from '../../protocol/wall-split.ts';
import type { Output } from '../command.ts';
import { painter } from '../terminal/colour.ts';
import type { TableStyle } from '../terminal/table.ts';
import { printable } from '../terminal/width.ts';
import { deviationTable } from './deviation-table.ts';
import { eventTable } from './event-table.ts';
import { type Figure, figureTable } from './figure-table.ts';
import { findingLines } from './finding-lines.ts';
import { judgementLines } from './judgement-lines.ts';
import { labelledLines } from './labelled-lines.ts';
import { phaseTable } from './phase-table.ts';
import { podTable } from './pod-table.ts';
import { processTree } from './process-tree.ts';
import { resultTable } from './result-table.ts';
import { runFacts } from './run-facts.ts';
import { runFigures } from './run-figures.ts';
import { stateCell } from './run-state.ts';

export interface RunReport {
  readonly run: RunView;
  readonly processes: readonly ProcessView[];
  readonly events: readonly RunEvent[];
  readonly deviations: readonly Deviation[];
  readonly findings: readonly Finding[];
  readonly phases: readonly Phase[];
  readonly wallSplit: WallSplit;
  /** Of a run that has no results of its figures. */
  readonly figures?: readonly Figure[];
}

export interface RunReportOptions {
  /** ms since the Unix epoch. */
  readonly nowMs: number;
  /** How many processes the tree shows. */
  readonly mostProcesses: number;
}

export function runReport(report: RunReport, output: Output, options: RunReportOptions): string {
  const { run, processes, events, deviations, findings, phases, wallSplit, figures = [] } = report;
  const paint = painter(output.colour);
  const style: TableStyle = { width: output.columns, paint, indent: '  ' };
  const state = stateCell(run);
  const stateText = state.meaning === undefined ? state.text : paint(state.meaning, state.text);
  const sections = [
    `${paint('name', printable(run.ref))}  ${stateText}\n${labelledLines(runFacts(run, options.nowMs), style)}${judgementLines(run, output)}`,
    `${paint('heading', 'Used')}\n${labelledLines(runFigures(run.measures, wallSplit), style)}`,
    podTable(run.pods ?? [], style),
    findingLines(findings, style),
    run.results === undefined ? '' : `${paint('heading', 'Results')}\n${resultTable(run.results, style)}`,
    figureTable(figures, style),
    deviationTable(deviations, style),
    phaseTable(phases, style),
    processes.length === 0
      ? ''
      : `${paint('heading', 'Processes')}\n${processTree(processes, options.mostProcesses, style)}`,
    eventTable(events, style),
  ];
  return sections.filter((section) => section !== '').join('\n');
}
