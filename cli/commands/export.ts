import { resolve } from 'node:path';
import { resolveRun } from '../../aggregator/query/resolve-run.ts';
import { dataOption, oneOf, text } from '../arguments.ts';
import { defineCommand, value } from '../command.ts';
import { exportCsv } from '../export/export-csv.ts';
import { exportJson } from '../export/export-json.ts';
import type { ExportedRun } from '../export/exported-run.ts';
import { withFile, writePieces } from '../export/text-sink.ts';
import { type History, processesOf, viewOf, withHistory } from '../history.ts';

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'all samples of a run, as JSON or CSV',
  usage: 'RUN [OPTIONS]',
  operands: { least: 1, most: 1 },
  options: {
    format: value('FORMAT', 'json or csv (json)', oneOf('json', 'csv')),
    output: value('FILE', 'write there instead of to stdout', text),
    data: dataOption,
  },
  examples: [
    { line: 'podometer export train@13 --format csv --output train-13.csv', says: 'for pandas or R' },
    { line: 'podometer export train@latest | jq .run', says: 'everything, without loss' },
  ],
  notes: [
    'CSV: one row for each process (or container, or host) at each moment; a name that ends in _s holds seconds, one in Bytes bytes, any other a plain number.',
    'JSON: the shapes of the HTTP API, and every series with its times (ms since the start) and its values as the kernel counted them; value times scale is in the unit.',
  ],
  run: (context, { options, operands: [reference = ''] }) =>
    withHistory(context, options.data, 'read', async (history) => {
      const exported = exportedRun(history, reference);
      const pieces = options.format === 'csv' ? exportCsv(exported) : exportJson(exported);
      if (options.output === undefined) writePieces(context.stdout, pieces);
      else withFile(resolve(context.cwd, options.output), (file) => writePieces(file, pieces));
      return 0;
    }),
});

function exportedRun(history: History, reference: string): ExportedRun {
  const record = resolveRun(history.store, reference);
  return {
    store: history.store,
    record,
    run: viewOf(history, record),
    directory: history.store.directory(record.id),
    processes: processesOf(history, record),
  };
}
