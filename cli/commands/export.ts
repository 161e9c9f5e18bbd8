import { resolve } from 'node:path';
import { type ExportFormat, exportFormats } from '../../protocol/query.ts';
import { oneOf, text } from '../arguments.ts';
import { defineCommand, type Output, value } from '../command.ts';
import { writeExport } from '../export/export-sink.ts';
import { historyOptions } from '../history-client/history-options.ts';
import { withHistoryClient } from '../history-client/with-history-client.ts';
import { usageError } from '../usage-error.ts';

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'all samples of a run, as JSON, CSV, Parquet, a trace, OpenMetrics or one HTML file',
  usage: 'RUN [OPTIONS]',
  operands: { least: 1, most: 1 },
  options: {
    format: value('FORMAT', `${exportFormats.join(', ')} (json)`, oneOf(...exportFormats)),
    output: value('FILE', 'write there instead of to stdout', text),
    ...historyOptions,
  },
  examples: [
    { line: 'podometer export train@13 --format parquet --output train-13.parquet', says: 'for pandas or R' },
    { line: 'podometer export train@13 --format html --output train-13.html', says: 'to send to somebody' },
    { line: 'podometer export train@latest | jq .run', says: 'everything, without loss' },
  ],
  notes: [
    'json: the shapes of the HTTP API, and every series with its times (ms since the start) and its values as the kernel counted them; value times scale is in the unit.',
    'csv, ndjson, parquet: one row for each process (or container, or host) at each moment, in seconds, bytes and plain numbers; in csv, names of seconds end in _s.',
    'trace: opens in Perfetto (ui.perfetto.dev) and chrome://tracing. openmetrics: for promtool tsdb create-blocks-from openmetrics. html: the page with this run in it, which opens offline.',
  ],
  run: (context, { options, operands: [reference = ''] }) =>
    withHistoryClient(context, options, 'read', async (history) => {
      const { format = 'json', output } = options;
      if (output === undefined) refuseBytes(format, context.stdout);
      // Before anything at --output is replaced.
      const { id } = await history.run(reference);
      const path = output === undefined ? undefined : resolve(context.cwd, output);
      await writeExport(context.stdout, path, history.export(id, format));
      return 0;
    }),
});

function refuseBytes(format: ExportFormat, { isTty }: Output): void {
  if (format !== 'parquet' || !isTty) return;
  throw usageError('--format parquet is no text for a terminal', 'Name a file with --output.');
}
