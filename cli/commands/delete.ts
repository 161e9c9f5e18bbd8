import { refuseRunning } from '../../aggregator/query/patch-run.ts';
import type { RunView } from '../../protocol/query.ts';
import { jsonOption } from '../arguments.ts';
import { type CommandContext, defineCommand, flag } from '../command.ts';
import { isConfirmed } from '../confirmation.ts';
import { historyOptions } from '../history-client/history-options.ts';
import { withHistoryClient } from '../history-client/with-history-client.ts';
import { printable } from '../terminal/width.ts';

export const deleteCommand = defineCommand({
  name: 'delete',
  summary: 'delete runs with all their samples',
  usage: 'RUN... [OPTIONS]',
  operands: { least: 1, most: Number.POSITIVE_INFINITY },
  options: { yes: flag('do not ask', 'y'), ...historyOptions, json: jsonOption },
  examples: [
    { line: 'podometer delete train@3', says: 'one run, after a question' },
    { line: 'podometer delete train@1 train@2 --yes', says: 'two runs, without' },
  ],
  run: (context, { options, operands }) =>
    withHistoryClient(context, options, 'change', async (history) => {
      const tell = (deleted: readonly RunView[], sentence: string): void => {
        const shown = deleted.map(({ id, ref }) => ({ id, ref }));
        context.stdout.write(`${options.json ? JSON.stringify({ deleted: shown }) : sentence}\n`);
      };
      const runs = new Map<string, RunView>();
      for (const reference of operands) {
        const run = await history.run(reference);
        refuseRunning(run);
        runs.set(run.id, run);
      }
      const refs = [...runs.values()].map(({ ref }) => printable(ref));
      if (!options.yes && !(await isWanted(context, refs.join(', ')))) {
        tell([], 'Nothing was deleted.');
        return 0;
      }
      for (const id of runs.keys()) await history.remove(id);
      tell([...runs.values()], `Deleted ${refs.join(', ')}.`);
      return 0;
    }),
});

function isWanted(context: CommandContext, refs: string): Promise<boolean> {
  return isConfirmed(context, `Deleting ${refs}`, `Delete ${refs} with all samples?`);
}
