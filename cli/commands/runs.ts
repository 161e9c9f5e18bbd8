import { runOutcomes } from '../../protocol/run-choices.ts';
import { jsonOption, oneOf, tag, text, wholeNumber } from '../arguments.ts';
import { defineCommand, value } from '../command.ts';
import { historyOptions } from '../history-client/history-options.ts';
import { withHistoryClient } from '../history-client/with-history-client.ts';
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
    outcome: value('OUTCOME', runOutcomes.join(', '), oneOf(...runOutcomes)),
    tag: value('KEY=VALUE', 'only runs with this tag', tag),
    host: value('NAME', 'only runs on this host or, in a cluster, on this node', text),
    text: value('WORDS', 'only runs whose name, command, tags or note hold all of these words', text),
    ...historyOptions,
    json: jsonOption,
  },
  examples: [
    { line: 'podometer runs', says: 'the newest runs of all workloads' },
    { line: 'podometer runs train --tag branch=main', says: 'those of one workload with a tag' },
    { line: "podometer runs --outcome failed --text 'make BATCH=64'", says: 'those that failed, by words' },
    { line: 'podometer runs --namespace team', says: 'those of a namespace, from its aggregator' },
    { line: "podometer runs --json | jq '.runs[].measures.wallSeconds'", says: 'for a program' },
  ],
  async run(context, { options, operands: [workload] }) {
    const { stdout, stderr, clock } = context;
    const page = await withHistoryClient(context, options, 'read', async (history) => {
      // Of a workload that has no runs, this throws with the names that may have been meant.
      if (workload !== undefined) await history.run(`${workload}@latest`);
      return history.runs({
        limit: options.limit ?? DEFAULT_LIMIT,
        ...(workload !== undefined && { workload }),
        ...(options.state && { state: options.state }),
        ...(options.outcome && { outcome: options.outcome }),
        ...(options.host && { host: options.host }),
        ...(options.text && { text: options.text }),
        ...(options.tag && { tag: options.tag.join('=') }),
      });
    });
    if (options.json) stdout.write(`${JSON.stringify(page)}\n`);
    else if (page.runs.length === 0) stderr.write('There is no such run.\n');
    else stdout.write(runsTable(page.runs, stdout, clock.wallMs()));
    if (stdout.isTty && page.nextCursor !== undefined)
      stderr.write('There are more; --limit N shows them.\n');
    return 0;
  },
});
