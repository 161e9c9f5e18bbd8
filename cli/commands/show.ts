import { deviations } from '../../aggregator/query/deviation.ts';
import { readFindings } from '../../aggregator/query/findings/findings.ts';
import { earlierMeasures } from '../../aggregator/query/history.ts';
import { readPhases } from '../../aggregator/query/phases.ts';
import { resolveRun } from '../../aggregator/query/resolve-run.ts';
import { dataOption, jsonOption, wholeNumber } from '../arguments.ts';
import { defineCommand, value } from '../command.ts';
import { type History, judgedView, processesOf, withHistory } from '../history.ts';
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
    data: dataOption,
    json: jsonOption,
  },
  examples: [
    { line: 'podometer show train@latest', says: 'the newest run of a workload' },
    { line: 'podometer show train@13 --processes 100', says: 'with more of its processes' },
    { line: 'podometer show train@-1 --json', says: 'the run before the newest, for a program' },
  ],
  async run(context, { options, operands: [reference = ''] }) {
    const { stdout, clock } = context;
    const report = await withHistory(context, options.data, 'read', async (history) =>
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

function reportOf(history: History, reference: string): RunReport {
  const { store, stateOf } = history;
  const record = resolveRun(store, reference);
  const run = judgedView(history, record);
  return {
    run,
    processes: processesOf(history, record),
    findings: readFindings(store, stateOf, record),
    phases: readPhases(store, record),
    events: store.directory(record.id).events,
    deviations: deviations(run.measures, earlierMeasures(store, record, stateOf)),
  };
}
