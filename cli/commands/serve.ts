import { localAccess } from '../../aggregator/access/local-access.ts';
import { forwarderOf, keeperSettings, retentionPolicyOf } from '../../aggregator/keeper-settings.ts';
import { LiveRuns } from '../../aggregator/live/live-runs.ts';
import { buildServer } from '../../aggregator/server.ts';
import { Upkeep } from '../../aggregator/upkeep.ts';
import { readSettings } from '../../lib/config.ts';
import { DEFAULT_PORT } from '../../protocol/names.ts';
import { dataOption, oneOf, wholeNumber } from '../arguments.ts';
import { type CommandContext, defineCommand, flag, value } from '../command.ts';
import { type History, withHistory } from '../history.ts';
import { packageVersion, pageFolder } from '../package.ts';
import { type LocalPlace, listenLocally, newToken, stopSignal } from '../serve/local-listener.ts';
import { openInBrowser } from '../serve/open-in-browser.ts';
import { logRequests, requestLogger } from '../serve/request-log.ts';

const UPKEEP_MS = 60_000;
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'] as const;

interface ServeRequest extends LocalPlace {
  readonly verbose: boolean;
  readonly open: boolean;
}

export const serveCommand = defineCommand({
  name: 'serve',
  summary: 'the page and the HTTP API of the history, on this machine only',
  usage: '[OPTIONS]',
  operands: { least: 0, most: 0 },
  options: {
    port: value('PORT', `where to listen; 0: any free port (${DEFAULT_PORT})`, wholeNumber(0, 65_535)),
    host: value('HOST', `a loopback address (${LOOPBACK[0]})`, oneOf(...LOOPBACK)),
    'no-token': flag('ask for no token: every program of every user of this machine may then read'),
    open: flag('open the page in the browser'),
    verbose: flag('tell of every request on stderr', 'v'),
    data: dataOption,
  },
  onlyHere: 'podometer open -n NAMESPACE opens the page of a namespace.',
  examples: [
    { line: 'podometer serve --open', says: 'look at the history in the browser' },
    { line: 'podometer serve --port 0', says: 'where the usual port is taken' },
  ],
  notes: [
    'It prints one address, with a token in it that is new each time. Ctrl-C ends it.',
    'While it serves, it seals history in the background; PODOMETER_KEEP_… has old runs thinned and deleted (docs/retention.md), PODOMETER_FORWARD_… forwards live figures (docs/scaling.md).',
  ],
  run: (context, { options }) =>
    withHistory(context, options.data, 'write', async (history) => {
      await serve(context, history, {
        port: options.port ?? DEFAULT_PORT,
        host: options.host ?? LOOPBACK[0],
        token: options['no-token'] ? undefined : newToken(),
        verbose: options.verbose,
        open: options.open,
      });
      return 0;
    }),
});

async function serve(
  context: CommandContext,
  { store, stateOf }: History,
  request: ServeRequest,
): Promise<void> {
  const { stdout, stderr, clock, platform } = context;
  const settings = readSettings(keeperSettings, context.env);
  const live = new LiveRuns(store, () => clock.wallMs());
  const log = (message: string): void => stderr.write(`${message}\n`);
  const forwarder = forwarderOf(settings, { live, clock, dataFolder: store.folder, log });
  const app = await buildServer({
    live,
    store,
    stateOf,
    clock,
    pageFolder: pageFolder(),
    version: packageVersion(),
    logger: requestLogger(stderr),
    access: localAccess(request),
  });
  if (request.verbose) logRequests(app, stderr);
  const url = await listenLocally(app, request);
  const stopped = stopSignal();
  const upkeep = new Upkeep({
    store,
    stateOf,
    clock,
    retention: retentionPolicyOf(settings),
    everyMs: UPKEEP_MS,
    failed: (error) => app.log.error({ err: error }, 'the history could not be sealed'),
    told: log,
  });
  if (store.isWritable) upkeep.start();
  forwarder?.start();
  stdout.write(`${url}\n`);
  if (request.open) openInBrowser(url, platform, stderr);
  await stopped;
  await upkeep.stop();
  await forwarder?.stop();
  await app.close();
}
