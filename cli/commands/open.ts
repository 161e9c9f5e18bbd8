import { wholeNumber } from '../arguments.ts';
import type { AggregatorConnection } from '../cluster/aggregator-connection.ts';
import { type CommandContext, defineCommand, flag, value } from '../command.ts';
import { clusterOptions } from '../history-client/history-options.ts';
import { openInBrowser } from '../serve/open-in-browser.ts';
import { requestLogger } from '../serve/request-log.ts';

const HOST = '127.0.0.1';

export const openCommand = defineCommand({
  name: 'open',
  summary: 'the page of a namespace, in the browser of this machine',
  usage: '[OPTIONS]',
  operands: { least: 0, most: 0 },
  options: {
    ...clusterOptions,
    port: value('PORT', 'where to listen on this machine (any free port)', wholeNumber(0, 65_535)),
    'no-browser': flag('only print the address'),
  },
  examples: [
    { line: 'podometer open -n team', says: 'the page of namespace team' },
    { line: 'podometer open --no-browser --port 8080', says: 'print the address, with a port of your own' },
  ],
  notes: [
    'It prints one address of this machine, with a token in it that is new each time, and forwards what the browser asks there to the aggregator of the namespace. Where the aggregator is replaced, it finds the new one. Ctrl-C ends it.',
  ],
  async run(context, { options }) {
    const { withAggregator } = await import('../cluster/with-aggregator.ts');
    const { HttpHistoryClient } = await import('../history-client/http-history-client.ts');
    return withAggregator(context, options, async (aggregator) => {
      // What keeps it from being asked is told here, and not in the browser.
      await new HttpHistoryClient(aggregator).runs({ limit: 1 });
      await proxy(context, aggregator, { port: options.port ?? 0, withBrowser: !options['no-browser'] });
      return 0;
    });
  },
});

async function proxy(
  { stdout, stderr, platform }: CommandContext,
  aggregator: AggregatorConnection,
  { port, withBrowser }: { readonly port: number; readonly withBrowser: boolean },
): Promise<void> {
  const { buildAggregatorProxy } = await import('../open/aggregator-proxy.ts');
  const { listenLocally, newToken, stopSignal } = await import('../serve/local-listener.ts');
  const token = newToken();
  const app = buildAggregatorProxy({ aggregator, token, logger: requestLogger(stderr) });
  const url = await listenLocally(app, { host: HOST, port, token });
  const stopped = stopSignal();
  stdout.write(`${url}\n`);
  if (withBrowser) openInBrowser(url, platform, stderr);
  await stopped;
  await app.close();
}
