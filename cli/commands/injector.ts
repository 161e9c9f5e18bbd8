import { readInjectorConfig } from '../../injector/config.ts';
import { defineCommand } from '../command.ts';
import { packageVersion } from '../package.ts';

export const injectorCommand = defineCommand({
  name: 'injector',
  summary: 'the webhook that adds the agent to labelled pods, configured by its environment',
  usage: '',
  operands: { least: 0, most: 0 },
  options: {},
  examples: [
    {
      line: 'podometer injector',
      says: 'in its pod; elsewhere with the API server of KUBECONFIG',
    },
  ],
  notes: [
    'The chart runs it. docs/configuration.md lists its environment variables. SIGTERM lets reviews in flight be answered.',
  ],
  async run({ env, clock, stderr }) {
    const config = readInjectorConfig(env);
    const [{ ApiAccess }, { runInjector }] = await Promise.all([
      import('../../lib/cluster/api-access.ts'),
      import('../../injector/main.ts'),
    ]);
    const log = (message: string): void => stderr.write(`podometer-injector: ${message}\n`);
    const stop = new AbortController();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
    const cluster = new ApiAccess(clock);
    cluster.loadFromDefault();
    await runInjector({
      config,
      version: packageVersion(),
      cluster,
      clock,
      log,
      stop: stop.signal,
      onListening: ({ port, healthPort }) => log(`listens on ports ${port} and ${healthPort}`),
    });
    return 0;
  },
});
