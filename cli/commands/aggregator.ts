import { readAggregatorConfig } from '../../aggregator/config.ts';
import { defineCommand } from '../command.ts';
import { packageVersion, pageFolder } from '../package.ts';

export const aggregatorCommand = defineCommand({
  name: 'aggregator',
  summary: 'the history of a namespace, configured by its environment',
  usage: '',
  operands: { least: 0, most: 0 },
  options: {},
  examples: [
    { line: 'podometer aggregator', says: 'in its pod; elsewhere with the API server of KUBECONFIG' },
  ],
  notes: [
    'The injector starts one in each namespace that needs it. docs/configuration.md lists its environment variables. On one machine `podometer serve` does the same for local history.',
  ],
  async run({ env, clock, stderr }) {
    const config = readAggregatorConfig(env);
    const [{ ApiAccess }, { runAggregator }, { requestLogger }] = await Promise.all([
      import('../../lib/cluster/api-access.ts'),
      import('../../aggregator/main.ts'),
      import('../serve/request-log.ts'),
    ]);
    const log = (message: string): void => stderr.write(`podometer-aggregator: ${message}\n`);
    const stop = new AbortController();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
    const cluster = new ApiAccess(clock);
    cluster.loadFromDefault();
    await runAggregator({
      config,
      cluster,
      clock,
      version: packageVersion(),
      pageFolder: pageFolder(),
      logger: requestLogger(stderr),
      log,
      stop: stop.signal,
      onListening: (port) => log(`listens on port ${port}`),
    });
    return 0;
  },
});
