import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1JobSpec } from '@kubernetes/client-node';
import type { StoredObject } from '../../../api-server/object-store.ts';
import { CLAIMS, JOB_SETS, JOBS, PODS, reconciling, SETS } from './reconciling.ts';
import { fio, ioping, rate, START_MS, UID } from './storage-case.ts';

const report = (iops: number): string => JSON.stringify({ results: [rate(iops)] });
const condition = (
  type: string,
  conditions: readonly { type: string; status: string; message: string }[] = [],
) => {
  const found = conditions.find((one) => one.type === type);
  return [found?.status, found?.message];
};

test('a MetricSet tells which pods it is for, and is written again only when that changes', async (t) => {
  const { server, write, settle, status } = await reconciling(t);
  const pod = (name: string, labels: Record<string, string>, annotations = {}, phase = 'Running') =>
    server.store.put(PODS, {
      metadata: {
        name,
        namespace: 'team-a',
        annotations,
        labels: { 'podometer.dev/profile': 'true', ...labels },
      },
      ...{ status: { phase } },
    });
  pod('a', { app: 'web' });
  pod('b', { app: 'db' });
  pod('c', {}, { 'podometer.dev/metric-set': 'fast' });
  pod('d', { app: 'web' }, {}, 'Succeeded');
  pod('e', { app: 'web', 'podometer.dev/profile': 'false' });
  write({ selector: { matchLabels: { app: 'web' } }, metrics: [{ name: 'time' }] });
  await settle();
  assert.deepEqual([status().matchedPods, status().observedGeneration, status().storage], [2, 1, undefined]);
  assert.deepEqual(condition('Valid', status().conditions), ['True', 'All of it is understood']);
  const writes = () => server.requests.filter((line) => line.startsWith('PUT')).length;
  const before = writes();
  await settle();
  assert.equal(writes(), before);
  pod('f', { app: 'web' });
  await settle();
  assert.equal(status().matchedPods, 3);
  assert.ok(!server.requests.some((line) => /jobs|claims/.test(line)), 'what has no tool is not asked for');
});

test('what is not understood is told, and nothing of it is used', async (t) => {
  const { write, settle, status, names, clock } = await reconciling(t);
  write({ metrics: [fio], flames: true });
  await settle();
  assert.deepEqual(condition('Valid', status().conditions), [
    'False',
    'Nothing of it is used: spec has no field flames',
  ]);
  clock.atMs += 5000;
  write({ metrics: [fio], schedule: '61 * * * *' });
  await settle();
  assert.match(String(condition('Valid', status().conditions)[1]), /spec\.schedule is no schedule of cron/);
  assert.equal(status().conditions?.[0]?.lastTransitionTime, '2026-01-01T12:00:00Z');
  assert.deepEqual(names(JOBS), []);
  clock.atMs += 5000;
  write({ metrics: [{ name: 'time' }] });
  await settle();
  assert.equal(status().conditions?.[0]?.lastTransitionTime, '2026-01-01T12:00:10Z');
});

test('a volume is measured: claim, Job, results, and nothing that stays', async (t) => {
  const { server, write, settle, status, names, endJob, clock, events } = await reconciling(t);
  write({ metrics: [fio] });
  await settle();
  assert.deepEqual([names(CLAIMS), names(JOBS)], [['podometer-fast-1-fio'], ['podometer-fast-1']]);
  assert.equal(status().storage?.phase, 'Pending');
  endJob('podometer-fast-1', 'Complete', report(1000));
  const { againInMs } = await settle();
  const { phase, run, results } = status().storage ?? {};
  assert.deepEqual([phase, run], ['Succeeded', `${UID}.1`]);
  assert.deepEqual(results, [{ name: 'fio.read.iops', unit: '1/s', value: 1000, better: 'higher' }]);
  assert.equal(condition('StorageMeasured', status().conditions)[0], 'True');
  assert.deepEqual([names(CLAIMS), names(JOBS)], [['podometer-fast-1-fio'], ['podometer-fast-1']]);
  assert.equal(againInMs, 30_000);
  clock.atMs += 30_000;
  await settle();
  assert.deepEqual([names(CLAIMS), names(JOBS), names(PODS)], [[], [], []]);
  assert.ok(
    server.requests.includes(
      'DELETE /apis/batch/v1/namespaces/team-a/jobs/podometer-fast-1?propagationPolicy=Background',
    ),
  );
  assert.deepEqual(
    events.map(({ object, reason }) => [object.kind, object.name, reason]),
    [
      ['MetricSet', 'fast', 'StorageRunStarted'],
      ['MetricSet', 'fast', 'StorageRunSucceeded'],
    ],
  );
});

test('the pods of a run that failed, and of one whose claim is kept, can be looked at for 10 minutes', async (t) => {
  const { write, settle, names, endJob, clock } = await reconciling(t);
  const left = () => [names(CLAIMS), names(JOBS), names(PODS)];
  write({ metrics: [fio] });
  await settle();
  endJob('podometer-fast-1', 'Failed', JSON.stringify({ failure: 'It is full.' }));
  assert.deepEqual(await settle(), { againInMs: 600_000 });
  clock.atMs += 599_000;
  await settle();
  assert.deepEqual(left(), [['podometer-fast-1-fio'], ['podometer-fast-1'], ['podometer-fast-1-0-x']]);
  clock.atMs += 1000;
  await settle();
  assert.deepEqual(left(), [[], [], []]);
  write({ metrics: [{ ...fio, volume: { claimTemplate: { size: '1Gi', keep: true } } }] });
  await settle();
  endJob('podometer-fast-2', 'Complete', report(1000));
  assert.deepEqual(await settle(), { againInMs: 600_000 });
});

test('it is measured again by the annotation and by a new generation, and a kept claim serves all', async (t) => {
  const { write, settle, status, names, endJob } = await reconciling(t);
  const kept = { ...fio, volume: { claimTemplate: { size: '1Gi', keep: true } } };
  write({ metrics: [kept] });
  await settle();
  endJob('podometer-fast-1', 'Failed', JSON.stringify({ failure: 'It is full.' }));
  await settle();
  assert.deepEqual([status().storage?.phase, status().storage?.message], ['Failed', 'It is full.']);
  write({ metrics: [kept] }, { 'podometer.dev/run-again': '1' });
  await settle();
  endJob('podometer-fast-2', 'Complete', report(5));
  await settle();
  assert.deepEqual([status().storage?.phase, status().storage?.started], ['Succeeded', 2]);
  write({ metrics: [{ ...kept, runs: 2 }] }, { 'podometer.dev/run-again': '1' });
  await settle();
  endJob('podometer-fast-3', 'Complete', report(6));
  await settle();
  assert.deepEqual([status().storage?.started, status().storage?.measured], [4, 1]);
  assert.deepEqual(names(CLAIMS), ['podometer-fast-fio']);
});

test('a kept claim of an older template is measured and tagged as it is, and the status says so', async (t) => {
  const { server, write, settle, status, endJob } = await reconciling(t);
  const ofTemplate = (claimTemplate: object) => ({ metrics: [{ ...fio, volume: { claimTemplate } }] });
  const tags = (job: string): string => {
    const made = server.store.get(JOBS, 'team-a', job) as { spec?: V1JobSpec } | undefined;
    return made?.spec?.template.metadata?.annotations?.['podometer.dev/tags'] ?? '';
  };
  write(ofTemplate({ storageClassName: 'slow', size: '1Gi', keep: true }));
  await settle();
  endJob('podometer-fast-1', 'Complete', report(5));
  await settle();
  assert.equal(status().storage?.warning, undefined);
  write(ofTemplate({ storageClassName: 'fast', size: '2Gi', accessModes: ['ReadWriteMany'], keep: true }));
  await settle();
  assert.match(tags('podometer-fast-2'), /claim=podometer-fast-fio,storage-class=slow,claim-size=1Gi$/);
  const warning = status().storage?.warning ?? '';
  assert.match(warning, /claim podometer-fast-fio was kept from before and is measured as it is/);
  assert.match(
    warning,
    /the class is slow in place of fast, the size is 1Gi in place of 2Gi, the access is Read/,
  );
  endJob('podometer-fast-2', 'Complete', report(5));
  await settle();
  assert.equal(status().storage?.warning, warning);
  write(ofTemplate({ storageClassName: 'slow', size: '1024Mi', keep: true }));
  await settle();
  assert.equal(status().storage?.warning, undefined);
});

test('a schedule says when it is to be looked at again', async (t) => {
  const { write, settle, status, endJob, clock } = await reconciling(t);
  write({ metrics: [ioping], schedule: '0 13 * * *' });
  await settle();
  endJob('podometer-fast-1', 'Complete', report(1));
  await settle();
  clock.atMs += 601_000;
  const { againInMs } = await settle();
  assert.equal(againInMs, 3_600_000 - 601_000);
  assert.equal(status().storage?.nextScheduleTime, '2026-01-01T13:00:00Z');
  clock.atMs = START_MS + 3_600_000;
  await settle();
  assert.deepEqual([status().storage?.started, status().storage?.phase], [2, 'Pending']);
});

test('several metrics are a JobSet where its definition is installed, and Jobs elsewhere', async (t) => {
  const without = await reconciling(t);
  without.write({ metrics: [fio, ioping] });
  await without.settle();
  assert.deepEqual(without.names(JOBS), ['podometer-fast-1-fio', 'podometer-fast-1-ioping']);
  const { server, write, settle, names } = await reconciling(t, [SETS, JOB_SETS]);
  write({ metrics: [fio, ioping] });
  await settle();
  assert.deepEqual([names(JOBS), names(JOB_SETS)], [[], ['podometer-fast-1']]);
  write({ metrics: [{ name: 'time' }] });
  await settle();
  assert.deepEqual([names(JOB_SETS), server.store.list(CLAIMS)], [[], []]);
});

test('where it is not known whether there are JobSets, nothing is made in one way or the other', async (t) => {
  const { server, write, settle, names } = await reconciling(t);
  write({ metrics: [fio, ioping] });
  server.faults.add({ match: /GET \/apis\/jobset/, status: 500 });
  await assert.rejects(settle(), /whether JobSets are installed/);
  assert.deepEqual([names(JOBS), names(CLAIMS)], [[], []]);
});

test('what the API server refuses is told in its words and asked for again, without writing each time', async (t) => {
  const { server, write, settle, status, names } = await reconciling(t);
  server.faults.add({ match: /POST .*persistentvolumeclaims/, status: 403 });
  write({ metrics: [fio] });
  assert.deepEqual(await settle(), { againInMs: 30_000 });
  assert.equal(status().storage?.message, 'refused: a fault');
  server.faults.clear();
  await settle();
  assert.deepEqual([names(JOBS).length, status().storage?.message], [1, 'its pods are being made']);
});

test('pods that a quota does not allow are told in the words of the Job’s last Event, until there are some', async (t) => {
  const { server, write, settle, status } = await reconciling(t);
  write({ metrics: [fio] });
  await settle();
  assert.equal(status().storage?.message, 'its pods are being made');
  const job = server.store.get(JOBS, 'team-a', 'podometer-fast-1');
  const put = (name: string, message: string, lastTimestamp: string, reason = 'FailedCreate'): void =>
    void server.store.put('v1 events', {
      metadata: { name, namespace: 'team-a' },
      ...{ involvedObject: { kind: 'Job', name: 'podometer-fast-1', uid: job?.metadata.uid } },
      ...{ reason, message, lastTimestamp },
    });
  put('b', 'pods "podometer-fast-1-0-" is forbidden: exceeded quota: small', '2026-01-01T12:05:00Z');
  put('a', 'an earlier reason', '2026-01-01T12:01:00Z');
  put('c', 'all is well', '2026-01-01T12:09:00Z', 'SuccessfulCreate');
  assert.deepEqual(await settle(), { againInMs: 10_000 });
  assert.match(status().storage?.message ?? '', /^pods .* is forbidden: exceeded quota: small$/);
  server.faults.add({ match: /GET .*events/, status: 403 });
  assert.deepEqual(await settle(), { againInMs: 10_000 });
  server.store.put(JOBS, { ...job, ...{ status: { active: 1 } } } as StoredObject);
  assert.deepEqual(await settle(), { againInMs: undefined });
});

test('what has the name and is another’s is neither used nor removed', async (t) => {
  const { server, write, settle, status, names } = await reconciling(t);
  server.store.put(CLAIMS, { metadata: { name: 'podometer-fast-fio', namespace: 'team-a' } });
  write({ metrics: [{ ...fio, volume: { claimTemplate: { size: '1Gi', keep: true } } }] });
  await settle();
  assert.match(
    status().storage?.message ?? '',
    /podometer-fast-fio is there already and was not made for this/,
  );
  write({ metrics: [{ name: 'time' }] });
  await settle();
  assert.deepEqual([names(CLAIMS), names(JOBS)], [['podometer-fast-fio'], []]);
});

test('a controller that dies anywhere makes no run twice and forgets none', async (t) => {
  const { server, write, settle, names, status } = await reconciling(t);
  write({ metrics: [fio] });
  for (const line of [/PUT .*status/, /POST .*claims/, /POST .*jobs/]) {
    server.faults.add({ match: line, times: 1, isCut: true });
    await assert.rejects(settle());
  }
  server.faults.add({ match: /PUT .*status/, times: 3, status: 409 });
  await settle();
  assert.deepEqual([names(JOBS), status().storage?.started], [['podometer-fast-1'], 1]);
});

test('a MetricSet that is gone, or on its way out, is left alone', async (t) => {
  const { server, settle } = await reconciling(t);
  assert.deepEqual(await settle(), { againInMs: undefined });
  server.store.put(SETS, {
    metadata: { name: 'fast', namespace: 'team-a', uid: UID, deletionTimestamp: new Date(START_MS) },
    ...{ spec: { metrics: [fio] } },
  });
  await settle();
  assert.ok(!server.requests.some((line) => !line.startsWith('GET')));
});
