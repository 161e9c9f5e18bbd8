/** The claim in which an aggregator keeps its history. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { V1PersistentVolumeClaim, V1StatefulSet } from '@kubernetes/client-node';
import { AGGREGATOR_NAME } from '../../../protocol/names.ts';
import { type ApiServer, startApiServer } from '../../api-server/api-server.ts';
import { until } from '../cluster/viewing.ts';
import {
  conditions,
  control,
  putDefaultClass,
  putNamespace,
  putPod,
  setStatus,
  statusOf,
} from './controlling.ts';

const CLAIMS = 'v1 persistentvolumeclaims';

function claim(server: ApiServer): V1PersistentVolumeClaim | undefined {
  return server.store.get(CLAIMS, 'team', AGGREGATOR_NAME) as V1PersistentVolumeClaim | undefined;
}

const requested = (server: ApiServer) => claim(server)?.spec?.resources?.requests?.storage;

/** As the aggregator is told it: four fifths of the volume. */
function keptBytes(server: ApiServer): string | undefined {
  const set = server.store.get('apps/v1 statefulsets', 'team', AGGREGATOR_NAME) as V1StatefulSet | undefined;
  const env = set?.spec?.template.spec?.containers[0]?.env;
  return env?.find(({ name }) => name === 'PODOMETER_KEEP_BYTES')?.value;
}

function storageCondition(server: ApiServer) {
  return statusOf(server, 'team')?.conditions.find(({ type }) => type === 'StorageReady');
}

/** An aggregator whose claim of 10Gi is bound. Answers what installs it again, with another size. */
async function bound(t: TestContext, more: object): Promise<[ApiServer, (size: string) => Promise<void>]> {
  const server = await startApiServer(t);
  putDefaultClass(server, more);
  putNamespace(server, 'team');
  putPod(server, 'team', 'app');
  let end = control(t, server);
  await until(() => statusOf(server, 'team') !== undefined);
  setStatus(server, CLAIMS, 'team', { phase: 'Bound', capacity: { storage: '10Gi' } });
  return [
    server,
    async (size) => {
      await end();
      end = control(t, server, { settings: { storage: { size, className: undefined } }, resyncMs: 50 });
    },
  ];
}

test('annotations of a namespace choose size and class', async (t) => {
  const server = await startApiServer(t);
  const annotations = { 'podometer.dev/storage-size': '50Gi', 'podometer.dev/storage-class': 'fast' };
  putNamespace(server, 'team', { annotations });
  putPod(server, 'team', 'app');
  control(t, server);
  await until(() => claim(server) !== undefined);
  assert.deepEqual(claim(server)?.spec, {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '50Gi' } },
    storageClassName: 'fast',
  });
});

test('a claim grows, and its history is allowed more once its volume has grown', async (t) => {
  const [server, install] = await bound(t, { allowVolumeExpansion: true });
  assert.equal(keptBytes(server), '8192Mi');
  await install('20Gi');
  await until(() => requested(server) === '20Gi');
  await until(() => conditions(server, 'team').includes('StorageReady=True Bound'));
  assert.equal(keptBytes(server), '8192Mi');
  setStatus(server, CLAIMS, 'team', { phase: 'Bound', capacity: { storage: '20Gi' } });
  await until(() => keptBytes(server) === '16384Mi');
});

test('a claim is neither shrunk nor moved', async (t) => {
  const server = await startApiServer(t);
  putDefaultClass(server);
  putNamespace(server, 'team');
  putPod(server, 'team', 'app');
  const end = control(t, server);
  await until(() => statusOf(server, 'team') !== undefined);
  await end();
  setStatus(server, CLAIMS, 'team', { phase: 'Bound', capacity: { storage: '10Gi' } });
  control(t, server, { settings: { storage: { size: '5Gi', className: 'fast' } } });
  await until(() => conditions(server, 'team').includes('StorageReady=True NotAsAskedFor'));
  assert.deepEqual([requested(server), claim(server)?.spec?.storageClassName], ['10Gi', 'standard']);
});

test('a claim whose class forbids growth is left as it is, and that is told', async (t) => {
  const [server, install] = await bound(t, {});
  await install('20Gi');
  await until(() => conditions(server, 'team').includes('StorageReady=False ResizeRefused'));
  assert.equal(
    storageCondition(server)?.message,
    'The claim stays at 10Gi, and 20Gi was asked for: StorageClass standard has no allowVolumeExpansion: true.',
  );
  assert.deepEqual([requested(server), keptBytes(server)], ['10Gi', '8192Mi']);
  putDefaultClass(server, { allowVolumeExpansion: true });
  await until(() => requested(server) === '20Gi');
});

test('where the API server refuses growth, its words are told and everything else is applied', async (t) => {
  const [server, install] = await bound(t, { allowVolumeExpansion: true });
  server.faults.add({ match: /PATCH .*persistentvolumeclaims/, status: 403 });
  server.store.remove('v1 services', 'team', AGGREGATOR_NAME);
  await install('20Gi');
  await until(() => conditions(server, 'team').includes('StorageReady=False ResizeRefused'));
  assert.equal(storageCondition(server)?.message, 'The claim is not changed: a fault');
  assert.ok(server.store.get('v1 services', 'team', AGGREGATOR_NAME));
  assert.deepEqual([requested(server), keptBytes(server)], ['10Gi', '8192Mi']);
});

test('where the driver cannot make a volume larger, that is told', async (t) => {
  const [server, install] = await bound(t, { allowVolumeExpansion: true });
  await install('20Gi');
  await until(() => requested(server) === '20Gi');
  setStatus(server, CLAIMS, 'team', {
    phase: 'Bound',
    capacity: { storage: '10Gi' },
    allocatedResourceStatuses: { storage: 'ControllerResizeInfeasible' },
  });
  await until(() => conditions(server, 'team').includes('StorageReady=False ResizeRefused'));
  assert.match(storageCondition(server)?.message ?? '', /has 10Gi, and its volume cannot be made 20Gi/);
  assert.equal(keptBytes(server), '8192Mi');
});

test('a claim that waits for a class that does not exist says so, and how to mend it', async (t) => {
  const server = await startApiServer(t);
  putNamespace(server, 'team', { annotations: { 'podometer.dev/storage-class': 'fsat' } });
  putPod(server, 'team', 'app');
  control(t, server, { resyncMs: 50 });
  await until(() => conditions(server, 'team').includes('StorageReady=False ClassNotFound'));
  const { message = '' } = storageCondition(server) ?? {};
  assert.match(
    message,
    /waits for StorageClass fsat, which does not exist\. .*podometer\.dev\/storage-class/,
  );
  assert.match(message, /: kubectl delete pvc podometer-aggregator -n team$/);
  putNamespace(server, 'team', { annotations: { 'podometer.dev/storage-class': 'fast' } });
  server.store.remove(CLAIMS, 'team', AGGREGATOR_NAME);
  await until(() => claim(server)?.spec?.storageClassName === 'fast');
});

test('a claim that is refused is told with the words of the API server, and asked for again', async (t) => {
  const server = await startApiServer(t);
  putDefaultClass(server);
  putNamespace(server, 'team');
  putPod(server, 'team', 'app');
  server.faults.add({ match: /PATCH .*persistentvolumeclaims/, status: 403 });
  control(t, server);
  await until(() => statusOf(server, 'team') !== undefined);
  assert.match(storageCondition(server)?.message ?? '', /^The claim is refused: a fault; /);
  server.faults.clear();
  await until(() => claim(server) !== undefined);
});
