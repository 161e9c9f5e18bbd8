import { runRef } from '../../aggregator/query/run-view.ts';
import { checkDataFile } from '../../aggregator/store/file-check.ts';
import type { KeptStore, StoreReport } from '../../aggregator/store/model.ts';
import { dataOption, jsonOption } from '../arguments.ts';
import { defineCommand } from '../command.ts';
import { dataFolder } from '../data-folder.ts';
import { withHistory } from '../history.ts';
import { bytes, count } from '../terminal/format.ts';
import { printable } from '../terminal/width.ts';

const DAMAGED = 1;

export const checkCommand = defineCommand({
  name: 'check',
  summary: 'read the whole history and compare every checksum',
  usage: '[OPTIONS]',
  operands: { least: 0, most: 0 },
  options: { data: dataOption, json: jsonOption },
  onlyHere:
    'Take a copy and check that: podometer backup -n NAMESPACE FILE, podometer restore FILE --data DIR.',
  examples: [{ line: 'podometer check', says: 'is anything damaged?' }],
  notes: [
    'The exit code is 1 where something is damaged. It changes nothing, and others may go on writing. A damaged block costs its own samples alone; to get them back, restore a backup.',
  ],
  run: (context, { options }) => {
    // LMDB would end the process on a broken page, so the pages come first.
    checkDataFile(dataFolder(options.data, context), 'whole');
    return withHistory(context, options.data, 'read', async ({ store }) => {
      const report = store.check();
      context.stdout.write(options.json ? `${JSON.stringify(report)}\n` : printed(store, report));
      return report.damage.length === 0 ? 0 : DAMAGED;
    });
  },
});

function printed(store: KeptStore, { runs, batches, slices, bytes: read, damage }: StoreReport): string {
  const found = damage.map(({ run, message }) => {
    const record = store.run(run);
    return printable(`${record === undefined ? run : runRef(record)}: ${message}`);
  });
  const what = `${count(runs)} runs, ${count(batches)} batches, ${count(slices)} slices, ${bytes(read)}`;
  const verdict = damage.length === 0 ? 'nothing is damaged' : `${count(damage.length)} damaged`;
  return [...found, `${what}: ${verdict}.`].map((line) => `${line}\n`).join('');
}
