import { resolve } from 'node:path';
import { exportFormats } from '../../protocol/query.ts';
import { oneOf, text } from '../arguments.ts';
import { defineCommand, value } from '../command.ts';
import { withFile, writePieces } from '../export/text-sink.ts';
import { historyOptions } from '../history-client/history-options.ts';
import { withHistoryClient } from '../history-client/with-history-client.ts';

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'all samples of a run, as JSON or CSV',
  usage: 'RUN [OPTIONS]',
  operands: { least: 1, most: 1 },
  options: {
    format: value('FORMAT', 'json or csv (json)', oneOf(...exportFormats)),
    output: value('FILE', 'write there instead of to stdout', text),
    ...historyOptions,
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
    withHistoryClient(context, options, 'read', async (history) => {
      // Before anything at --output is replaced.
      const { id } = await history.run(reference);
      const pieces = history.export(id, options.format ?? 'json');
      if (options.output === undefined) await writePieces(context.stdout, pieces);
      else await withFile(resolve(context.cwd, options.output), (file) => writePieces(file, pieces));
      return 0;
    }),
});
