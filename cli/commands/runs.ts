import { listRuns } from '../../aggregator/query/list-runs.ts';
import { resolveRun } from '../../aggregator/query/resolve-run.ts';
import { dataOption, jsonOption, oneOf, tag, wholeNumber } from '../arguments.ts';
import { defineCommand, value } from '../command.ts';
import { withHistory } from '../history.ts';
import { runsTable } from '../report/runs-table.ts';

const DEFAULT_LIMIT = 50;
const MOST_RUNS = 1000;

export const runsCommand = defineCommand({
  name: 'runs',
  summary: 'list the runs, newest first',
  usage: '[WORKLOAD] [OPTIONS]',
  operands: { least: 0, most: 1 },
  options: {
    limit: value('N', `at most N runs (${DEFAULT_LIMIT})`, wholeNumber(1, MOST_RUNS)),
    state: value('STATE', 'running, finished or interrupted', oneOf('running', 'finished', 'interrupted')),
    tag: value('KEY=VALUE', 'only runs with this tag', tag),
    data: dataOption,
    json: jsonOption,
  },
  examples: [
    { line: 'podometer runs', says: 'the newest runs of all workloads' },
    { line: 'podometer runs train --tag branch=main', says: 'those of one workload with a tag' },
    { line: "podometer runs --json | jq '.runs[].measures.wallSeconds'", says: 'for a program' },
  ],
  async run(context, { options, operands: [workload] }) {
    const { stdout, stderr, clock } = context;
    const page = await withHistory(context, options.data, 'read', async ({ store, stateOf }) => {
      // Of a workload that has no runs, this throws with the names that may have been meant.
      if (workload !== undefined) resolveRun(store, `${workload}@latest`);
      const query = {
        limit: options.limit ?? DEFAULT_LIMIT,
        ...(options.state && { state: options.state }),
        ...(options.tag && { tag: options.tag.join('=') }),
      };
      return listRuns(store.runs(workload === undefined ? {} : { workload }), query, stateOf);
    });
    if (options.json) stdout.write(`${JSON.stringify(page)}\n`);
    else if (page.runs.length === 0) stderr.write('There is no such run.\n');
    else stdout.write(runsTable(page.runs, stdout, clock.wallMs()));
    if (stdout.isTty && page.nextCursor !== undefined)
      stderr.write('There are more; --limit N shows them.\n');
    return 0;
  },
});
