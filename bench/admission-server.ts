/** The injector as a process of its own, so that its CPU time and memory are its own. Forked by admission.bench.ts. */

import { readInjectorConfig } from '../injector/config.ts';
import { runInjector } from '../injector/main.ts';
import { systemClock } from '../lib/clock.ts';
import { ApiAccess } from '../lib/cluster/api-access.ts';
import { cpuUs } from './figure.ts';

/** What the injector's process tells when it is asked. */
export interface ServerUse {
  readonly cpuUs: number;
  readonly rssBytes: number;
}

const [apiServer = ''] = process.argv.slice(2);
const cluster = new ApiAccess(systemClock);
cluster.loadFromClusterAndUser(
  { name: 'bench', server: apiServer, skipTLSVerify: true },
  { name: 'bench', token: 'none' },
);
process.on('message', () => {
  process.send?.({ cpuUs: cpuUs(), rssBytes: process.memoryUsage.rss() } satisfies ServerUse);
});
process.on('disconnect', () => process.exit());
await runInjector({
  config: readInjectorConfig(process.env),
  version: '0.0.0',
  cluster,
  clock: systemClock,
  log: () => {},
  stop: new AbortController().signal,
  onListening: (ports) => process.send?.(ports),
});
