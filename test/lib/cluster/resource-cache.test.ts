import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { CoreV1Api, type V1Namespace } from '@kubernetes/client-node';
import { systemClock } from '../../../lib/clock.ts';
import { ApiAccess } from '../../../lib/cluster/api-access.ts';
import { pagedList } from '../../../lib/cluster/paged-list.ts';
import { ResourceCache } from '../../../lib/cluster/resource-cache.ts';
import { type ApiServer, startApiServer } from '../../api-server/api-server.ts';
import { FIRST_RETRY_MS, until } from '../../injector/cluster/viewing.ts';

interface Cached {
  readonly cache: ResourceCache<V1Namespace>;
  readonly logged: readonly string[];
}

/** Namespaces, with `first` in them. */
async function cached(t: TestContext, server: ApiServer): Promise<Cached> {
  server.store.put('v1 namespaces', { metadata: { name: 'first' } });
  const cluster = server.configure(new ApiAccess(systemClock));
  const core = cluster.makeApiClient(CoreV1Api);
  const logged: string[] = [];
  const cache = new ResourceCache({
    cluster,
    clock: systemClock,
    path: '/api/v1/namespaces',
    list: () => core.listNamespace(),
    log: (message) => void logged.push(message),
    firstRetryMs: FIRST_RETRY_MS,
  });
  t.after(() => cache.close());
  return { cache, logged };
}

const lists = ({ requests }: ApiServer): number =>
  requests.filter((line) => line === 'GET /api/v1/namespaces').length;
const watches = ({ requests }: ApiServer): string[] => requests.filter((line) => line.includes('watch=true'));

test('a watch that is cut goes on where the last bookmark was, without another list', async (t) => {
  const server = await startApiServer(t);
  server.bookmarkEveryMs = 10;
  const { cache } = await cached(t, server);
  await until(() => watches(server).length === 1);
  for (let index = 0; index < 5; index++) server.store.put('v1 pods', { metadata: { name: `p${index}` } });
  const { version } = server.store;
  await after(50);
  server.cutConnections();
  await until(() => watches(server).length === 2);
  assert.match(watches(server)[1] ?? '', new RegExp(`resourceVersion=${version}\\b`));
  server.store.put('v1 namespaces', { metadata: { name: 'second' } });
  await until(() => cache.get('second') !== undefined);
  assert.equal(lists(server), 1);
});

test('what was forgotten meanwhile (410 Gone) is listed again, and what is gone leaves the cache', async (t) => {
  const server = await startApiServer(t);
  server.bookmarkEveryMs = 60_000;
  const { cache } = await cached(t, server);
  await until(() => watches(server).length === 1);
  server.faults.add({ match: /watch=true/, delayMs: 50, times: 1 });
  server.cutConnections();
  server.store.remove('v1 namespaces', undefined, 'first');
  server.store.put('v1 namespaces', { metadata: { name: 'second' } });
  server.store.forget();
  await until(() => cache.get('second') !== undefined);
  assert.equal(cache.get('first'), undefined);
  assert.equal(lists(server), 2);
});

test('a refused list is tried again, after the time that the API server asks for', async (t) => {
  const server = await startApiServer(t);
  server.faults.add({ match: /namespaces/, status: 429, headers: { 'retry-after': '1' }, times: 1 });
  server.faults.add({ match: /namespaces/, status: 500, times: 2 });
  server.faults.add({ match: /namespaces/, isCut: true, times: 1 });
  const startMs = systemClock.monotonicMs();
  const { cache, logged } = await cached(t, server);
  assert.equal(cache.isSynced, false);
  await until(() => cache.isSynced);
  assert.ok(systemClock.monotonicMs() - startMs >= 990);
  assert.notEqual(cache.get('first'), undefined);
  assert.equal(logged.length, 4);
});

test('what is known stays known while the API server is away, and is mended when it is back', async (t) => {
  const server = await startApiServer(t);
  const { cache } = await cached(t, server);
  await until(() => watches(server).length === 1);
  server.faults.add({ match: /./, isCut: true });
  server.cutConnections();
  server.store.put('v1 namespaces', { metadata: { name: 'second' } });
  await after(100);
  assert.equal(cache.isSynced, true);
  assert.notEqual(cache.get('first'), undefined);
  server.faults.clear();
  await until(() => cache.get('second') !== undefined);
});

test('one that is closed leaves no watch behind, wherever it was', async (t) => {
  const server = await startApiServer(t);
  const { cache } = await cached(t, server);
  server.faults.add({ match: /namespaces/, delayMs: 50 });
  await until(() => lists(server) === 1);
  await cache.close();
  await after(150);
  assert.deepEqual(watches(server), []);
});

test('of what is selected only what is to be kept is held, and what goes is told as it last was', async (t) => {
  const server = await startApiServer(t);
  const put = (name: string, team: string, value: string) =>
    server.store.put('v1 namespaces', { metadata: { name, labels: { team }, annotations: { value } } });
  put('first', 'a', 'listed');
  put('other', 'b', 'listed');
  for (let index = 0; index < 300; index++) put(`many-${index}`, 'a', 'listed');
  const cluster = server.configure(new ApiAccess(systemClock));
  const core = cluster.makeApiClient(CoreV1Api);
  const keep = ({ metadata }: V1Namespace): V1Namespace => ({
    metadata: {
      name: metadata?.name ?? '',
      ...(metadata?.resourceVersion && { resourceVersion: metadata.resourceVersion }),
      annotations: { kept: metadata?.annotations?.value ?? '' },
    },
  });
  const gone: V1Namespace[] = [];
  const cache = new ResourceCache<V1Namespace>({
    cluster,
    clock: systemClock,
    path: '/api/v1/namespaces',
    labelSelector: 'team=a',
    list: () => pagedList((page) => core.listNamespace({ labelSelector: 'team=a', ...page }), keep),
    keep,
    onGone: (object) => void gone.push(object),
    log: () => {},
    firstRetryMs: FIRST_RETRY_MS,
  });
  t.after(() => cache.close());
  await until(() => watches(server).length === 1);
  const keptOf = (name: string) => cache.get(name)?.metadata?.annotations;
  assert.deepEqual([keptOf('first'), keptOf('other')], [{ kept: 'listed' }, undefined]);
  assert.deepEqual(keptOf('many-299'), { kept: 'listed' });

  put('first', 'a', 'watched');
  put('other', 'b', 'watched');
  await until(() => keptOf('first')?.kept === 'watched');
  assert.equal(keptOf('other'), undefined);
  server.store.remove('v1 namespaces', undefined, 'first');
  await until(() => gone.length > 0);
  assert.deepEqual(
    gone.map(({ metadata }) => metadata?.annotations),
    [{ kept: 'watched' }],
  );
});
