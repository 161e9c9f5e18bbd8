import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import type { CoreV1Event } from '@kubernetes/client-node';
import type { RunView } from '../../../protocol/query.ts';
import { totalsOf } from '../fake-store.ts';
import { atMs, ended, JOB_UID, job, status, succeededPod } from './pod-fixtures.ts';
import { type WatchedNamespace, watchedNamespace } from './watched-namespace.ts';

const EVENTS = /POST .*\/events/;
const isFinished = ({ state }: RunView): boolean => state === 'finished';
const runId = (n: number): string => (n === 0 ? JOB_UID : `job-${n}`);

/** A Job of this number whose pod took so many seconds of CPU time. */
async function runOnce(space: WatchedNamespace, n: number, cpuSeconds: number): Promise<void> {
  const uid = runId(n);
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name: `train-${n}`, uid, controller: true };
  space.putJob(job(`train-${n}`, uid, { type: 'Complete', at: 60 + n }));
  await space.send({
    pod: `pod-${n}`,
    run: uid,
    change: { totals: new Map(totalsOf({ wallSeconds: 60_000, cpuUserSeconds: cpuSeconds * 100 })) },
    startedAtMs: atMs(n),
  });
  space.putPod(
    succeededPod({
      name: `pod-${n}`,
      run: uid,
      statuses: [status('main', ended(3, 60 + n, 0))],
      metadata: { ownerReferences: [owner] },
    }),
  );
  await space.runWhen(isFinished, uid);
}

/** Seven usual runs. */
async function withHistory(t: TestContext): Promise<WatchedNamespace> {
  const space = await watchedNamespace(t);
  for (let n = 0; n < 7; n++) await runOnce(space, n, 20 + n / 100);
  return space;
}

const eventsOf = ({ api }: WatchedNamespace) => api.store.list('v1 events', 'team') as CoreV1Event[];
const isTold = async (space: WatchedNamespace) =>
  (await space.events(runId(7))).some(({ kind }) => kind === 'regression');
async function untilTold(space: WatchedNamespace): Promise<void> {
  for (let looks = 0; looks < 1000 && !(await isTold(space)); looks++) await after(5);
}

test('a run that regressed is told by one Event on its Job and one line in its record, by whichever aggregator', async (t) => {
  const space = await withHistory(t);
  assert.deepEqual(eventsOf(space), []);
  await runOnce(space, 7, 40);
  await untilTold(space);
  const [event, ...others] = eventsOf(space);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [
      event?.type,
      event?.reason,
      event?.involvedObject.kind,
      event?.involvedObject.name,
      event?.involvedObject.uid,
    ],
    ['Warning', 'PodometerRegressed', 'Job', 'train-7', 'job-7'],
  );
  assert.match(event?.message ?? '', /^train@8: Regressed: CPU time rose by \d+ %/);
  const told = (await space.events(runId(7))).filter(({ kind }) => kind === 'regression');
  assert.equal(`train@8: ${told[0]?.message}`, event?.message);

  await space.restart();
  await runOnce(space, 8, 20);
  assert.equal(eventsOf(space).length, 1);
  assert.equal((await space.events(runId(7))).filter(({ kind }) => kind === 'regression').length, 1);
});

test('an Event that the API server does not take is made later, one that it forbids is left', async (t) => {
  const space = await withHistory(t);
  space.api.faults.add({ match: EVENTS, status: 500, times: 2 });
  await runOnce(space, 7, 40);
  await untilTold(space);
  assert.equal(eventsOf(space).length, 1);
  assert.equal(space.api.requests.filter((line) => EVENTS.test(line)).length, 3);

  space.api.faults.add({ match: EVENTS, status: 403 });
  await runOnce(space, 8, 80);
  for (let looks = 0; looks < 1000 && (await space.events(runId(8))).length === 0; looks++) await after(5);
  assert.equal(eventsOf(space).length, 1);
  assert.equal(space.api.requests.filter((line) => EVENTS.test(line)).length, 4);
});

test('an Event that an aggregator made before it was killed is not made again', async (t) => {
  const space = await withHistory(t);
  space.api.faults.add({ match: EVENTS, status: 409 });
  await runOnce(space, 7, 40);
  await untilTold(space);
  assert.equal(await isTold(space), true);
  assert.equal(space.api.requests.filter((line) => EVENTS.test(line)).length, 1);
});
