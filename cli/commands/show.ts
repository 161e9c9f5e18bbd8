import type { RunView } from '../../protocol/query.ts';
import { jsonOption, wholeNumber } from '../arguments.ts';
import { defineCommand, value } from '../command.ts';
import type { HistoryClient } from '../history-client/history-client.ts';
import { historyOptions } from '../history-client/history-options.ts';
import { withHistoryClient } from '../history-client/with-history-client.ts';
import { figuresIn } from '../report/figure-table.ts';
import { type RunReport, runReport } from '../report/run-report.ts';

const DEFAULT_PROCESSES = 15;

export const showCommand = defineCommand({
  name: 'show',
  summary: 'what one run was and what it used',
  usage: 'RUN [OPTIONS]',
  operands: { least: 1, most: 1 },
  options: {
    processes: value(
      'N',
      `show the N processes that used most CPU (${DEFAULT_PROCESSES})`,
      wholeNumber(1, 100_000),
    ),
    ...historyOptions,
    json: jsonOption,
  },
  examples: [
    { line: 'podometer show train@latest', says: 'the newest run of a workload' },
    { line: 'podometer show train@13 --processes 100', says: 'with more of its processes' },
    { line: 'podometer show train@-1 --json', says: 'the run before the newest, for a program' },
  ],
  async run(context, { options, operands: [reference = ''] }) {
    const { stdout, clock } = context;
    const report = await withHistoryClient(context, options, 'read', (history) =>
      reportOf(history, reference),
    );
    const mostProcesses = options.processes ?? DEFAULT_PROCESSES;
    stdout.write(
      options.json
        ? `${JSON.stringify(report)}\n`
        : runReport(report, stdout, { nowMs: clock.wallMs(), mostProcesses }),
    );
    return 0;
  },
});

async function reportOf(history: HistoryClient, reference: string): Promise<RunReport> {
  const run = await history.run(reference);
  // By its id: `@latest` may be another run by now.
  const [processes, findings, phases, wallSplit, events, deviations] = await Promise.all([
    history.processes(run.id),
    history.findings(run.id),
    history.phases(run.id),
    history.wallSplit(run.id),
    history.events(run.id),
    history.deviations(run.id),
  ]);
  const figures = await figuresOf(history, run);
  return { run, processes, findings, phases, wallSplit, events, deviations, ...(figures && { figures }) };
}

/** Those of a run that was imported with nothing else; the results of others tell theirs. */
async function figuresOf(history: HistoryClient, { id, metrics }: RunView) {
  if (metrics.length > 0) return undefined;
  const { lines } = await history.series(id, { columns: 'outputValue', processes: 'outputs', points: 1 });
  return lines.length > 0 ? figuresIn(lines) : undefined;
}
