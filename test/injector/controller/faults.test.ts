/** An API server that refuses, breaks off or is away. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AGGREGATOR_NAME, INJECTED_ANNOTATION } from '../../../protocol/names.ts';
import { startApiServer } from '../../api-server/api-server.ts';
import { until } from '../cluster/viewing.ts';
import { aggregator, control, putNamespace, putPod, settled, statusOf } from './controlling.ts';

const STATEFUL_SETS = 'apps/v1 statefulsets';

test('one namespace in trouble holds up no other, and is tried again', async (t) => {
  const server = await startApiServer(t);
  for (const name of ['bad', 'team']) putNamespace(server, name);
  for (const name of ['bad', 'team']) putPod(server, name, 'app');
  const said: string[] = [];
  server.faults.add({ match: /PATCH .*\/namespaces\/bad\/services/, times: 3, status: 429 });
  server.faults.add({ match: /PATCH .*\/namespaces\/bad\/statefulsets/, times: 2, isCut: true });
  control(t, server, { log: (message) => said.push(message) });
  await until(() => statusOf(server, 'team') !== undefined);
  await until(() => server.store.get('v1 services', 'bad', AGGREGATOR_NAME) !== undefined);
  await until(() => aggregator(server, 'bad') !== undefined);
  assert.ok(said.some((line) => line.startsWith('the aggregator of bad is not as it should be')));
  assert.ok(!said.some((line) => line.includes('aggregator of team')));
});

/** A first retry comes after 20 ms here, and after a second elsewhere. */
const SCALE = 50;

test('an API server that is down for a minute, at a fiftieth of the time, is asked ever less often and followed again', async (t) => {
  const server = await startApiServer(t);
  putNamespace(server, 'team');
  putPod(server, 'team', 'before', { [INJECTED_ANNOTATION]: '0.0.0' });
  control(t, server);
  await until(() => statusOf(server, 'team') !== undefined);
  await settled(server);
  server.faults.add({ match: /./, isCut: true });
  server.cutConnections();
  const seen = server.requests.length;
  putNamespace(server, 'other');
  putPod(server, 'other', 'app');
  server.store.remove(STATEFUL_SETS, 'team', AGGREGATOR_NAME);
  await new Promise((resolve) => setTimeout(resolve, 60_000 / SCALE));
  const asked = Map.groupBy(server.requests.slice(seen), (line) => line.split('?')[0]);
  assert.ok(asked.size > 5);
  // Secrets are followed twice, by two names. At a retry every 20 ms it would be 60 times.
  for (const [line, times] of asked) assert.ok(times.length <= 24, `${line}: ${times.length} times`);
  server.faults.clear();
  await until(() => aggregator(server, 'other') !== undefined);
  await until(() => aggregator(server, 'team') !== undefined);
});
