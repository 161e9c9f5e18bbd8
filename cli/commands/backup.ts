import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { dataOption } from '../arguments.ts';
import { defineCommand } from '../command.ts';
import { withHistory } from '../history.ts';
import { bytes } from '../terminal/format.ts';

export const backupCommand = defineCommand({
  name: 'backup',
  summary: 'write a copy of the whole history to one file, also while it is written to',
  usage: 'FILE [OPTIONS]',
  operands: { least: 1, most: 1 },
  options: { data: dataOption },
  examples: [
    { line: 'podometer backup monday.mdb', says: 'take it back with `podometer restore monday.mdb`' },
  ],
  run: (context, { options, operands: [name = ''] }) =>
    withHistory(context, options.data, 'read', async ({ store }) => {
      const file = resolve(context.cwd, name);
      await store.backup(file);
      context.stdout.write(`${name}: ${bytes(statSync(file).size)}\n`);
      return 0;
    }),
});
