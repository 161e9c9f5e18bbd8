/** The aggregator's own server in front of the page. */
import type { AddressInfo } from 'node:net';
import { buildServer } from '../../../aggregator/server.ts';
import type { Store } from '../../../aggregator/store/model.ts';
import { systemClock } from '../../../lib/clock.ts';
import { stateOf } from '../fake-store.ts';
import { compareHistory } from './compare-history.ts';
import type { PageServer } from './page-session.ts';

export function serveComparison(pageFolder: string): Promise<PageServer> {
  return serveStore(compareHistory(), pageFolder);
}

export async function serveStore(store: Store, pageFolder: string): Promise<PageServer> {
  const app = await buildServer({ store, clock: systemClock, stateOf, pageFolder });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => app.close() };
}
