import { resolve } from 'node:path';
import { restoreBackup } from '../../aggregator/store/backup.ts';
import { asStoreError } from '../../aggregator/store/failures.ts';
import { dataOption, jsonOption } from '../arguments.ts';
import { defineCommand } from '../command.ts';
import { dataFolder } from '../data-folder.ts';
import { withHistory } from '../history.ts';
import { count } from '../terminal/format.ts';

export const restoreCommand = defineCommand({
  name: 'restore',
  summary: 'make a history from a backup, where there is none yet',
  usage: 'FILE [OPTIONS]',
  operands: { least: 1, most: 1 },
  options: { data: dataOption, json: jsonOption },
  onlyHere: 'The history of a namespace is restored into the volume of its aggregator (docs/remote.md).',
  examples: [{ line: 'podometer restore monday.mdb --data ./monday', says: 'look into it beside your own' }],
  run: async (context, { options, operands: [name = ''] }) => {
    const folder = dataFolder(options.data, context);
    try {
      restoreBackup(resolve(context.cwd, name), folder);
    } catch (error) {
      throw asStoreError(folder, error);
    }
    return withHistory(context, options.data, 'read', async ({ store }) => {
      const runs = [...store.runs()].length;
      const told = options.json ? JSON.stringify({ folder, runs }) : `${folder}: ${count(runs)} runs`;
      context.stdout.write(`${told}\n`);
      return 0;
    });
  },
});
