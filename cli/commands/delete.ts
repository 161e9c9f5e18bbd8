import { refuseRunning } from '../../aggregator/query/patch-run.ts';
import { resolveRun } from '../../aggregator/query/resolve-run.ts';
import { runRef } from '../../aggregator/query/run-view.ts';
import { dataOption } from '../arguments.ts';
import { type CommandContext, defineCommand, flag } from '../command.ts';
import { isConfirmed } from '../confirmation.ts';
import { withHistory } from '../history.ts';
import { printable } from '../terminal/width.ts';

export const deleteCommand = defineCommand({
  name: 'delete',
  summary: 'delete runs with all their samples',
  usage: 'RUN... [OPTIONS]',
  operands: { least: 1, most: Number.POSITIVE_INFINITY },
  options: { yes: flag('do not ask', 'y'), data: dataOption },
  examples: [
    { line: 'podometer delete train@3', says: 'one run, after a question' },
    { line: 'podometer delete train@1 train@2 --yes', says: 'two runs, without' },
  ],
  run: (context, { options, operands }) =>
    withHistory(context, options.data, 'change', async ({ store, stateOf }) => {
      const records = new Map(
        operands.map((reference) => {
          const record = resolveRun(store, reference);
          refuseRunning(record, stateOf(record));
          return [record.id, record];
        }),
      );
      const refs = [...records.values()].map((record) => printable(runRef(record)));
      if (!options.yes && !(await isWanted(context, refs.join(', ')))) {
        context.stdout.write('Nothing was deleted.\n');
        return 0;
      }
      for (const id of records.keys()) await store.remove(id);
      context.stdout.write(`Deleted ${refs.join(', ')}.\n`);
      return 0;
    }),
});

function isWanted(context: CommandContext, refs: string): Promise<boolean> {
  return isConfirmed(context, `Deleting ${refs}`, `Delete ${refs} with all samples?`);
}
