import { type ComparedRun, compareRuns } from '../../aggregator/query/compare.ts';
import { earlierMeasures } from '../../aggregator/query/history.ts';
import { resolveRun } from '../../aggregator/query/resolve-run.ts';
import type { RunRecord } from '../../aggregator/store/model.ts';
import { dataOption, jsonOption } from '../arguments.ts';
import { defineCommand } from '../command.ts';
import { type History, processesOf, viewOf, withHistory } from '../history.ts';
import { comparison } from '../report/comparison.ts';

export const compareCommand = defineCommand({
  name: 'compare',
  summary: 'two runs side by side, with what earlier runs of the workload used',
  usage: 'BASELINE RUN [OPTIONS]',
  operands: { least: 2, most: 2 },
  options: { data: dataOption, json: jsonOption },
  examples: [
    { line: 'podometer compare train@-1 train@latest', says: 'the newest run with the one before' },
    { line: 'podometer compare train@12 train@13 --json', says: 'for a program' },
  ],
  async run(context, { options, operands: [baseline = '', other = ''] }) {
    const { stdout } = context;
    const answer = await withHistory(context, options.data, 'read', async (history) => {
      const { store, stateOf } = history;
      const a = resolveRun(store, baseline);
      const b = resolveRun(store, other);
      const earlier = earlierMeasures(store, b, stateOf, new Set([a.id]));
      return compareRuns(comparedRun(history, a), comparedRun(history, b), earlier);
    });
    stdout.write(options.json ? `${JSON.stringify(answer)}\n` : comparison(answer, stdout));
    return 0;
  },
});

function comparedRun(history: History, record: RunRecord): ComparedRun {
  return { run: viewOf(history, record), processes: processesOf(history, record) };
}
