import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { jsonOption } from '../arguments.ts';
import { defineCommand } from '../command.ts';
import { historyOptions } from '../history-client/history-options.ts';
import { withHistoryClient } from '../history-client/with-history-client.ts';
import { bytes } from '../terminal/format.ts';

export const backupCommand = defineCommand({
  name: 'backup',
  summary: 'write a copy of the whole history to one file, also while it is written to',
  usage: 'FILE [OPTIONS]',
  operands: { least: 1, most: 1 },
  options: { ...historyOptions, json: jsonOption },
  examples: [
    { line: 'podometer backup monday.mdb', says: 'take it back with `podometer restore monday.mdb`' },
    { line: 'podometer backup -n team team.mdb', says: 'of a namespace, to this machine' },
  ],
  run: (context, { options, operands: [name = ''] }) =>
    withHistoryClient(context, options, 'read', async (history) => {
      const file = resolve(context.cwd, name);
      await history.backup(file);
      const { size } = statSync(file);
      const told = options.json ? JSON.stringify({ file, bytes: size }) : `${name}: ${bytes(size)}`;
      context.stdout.write(`${told}\n`);
      return 0;
    }),
});
