import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StorageFound } from '../../../../injector/controller/metric-sets/left-overs.ts';
import { planStorage, type StoragePlan } from '../../../../injector/controller/metric-sets/plan-storage.ts';
import type { StorageSet } from '../../../../injector/controller/metric-sets/storage-set.ts';
import { fio, ioping, job, nothingFound, pod, rate, START_MS, setOf, UID } from './storage-case.ts';

const MINUTE_MS = 60_000;

/** The plan one step later, with its status written. */
function next(set: StorageSet, plan: StoragePlan, found: Partial<StorageFound> = {}, nowMs = START_MS) {
  const after = { ...set, status: plan.status };
  return { set: after, plan: planStorage(after, { ...nothingFound, ...found }, nowMs) };
}

const succeeded = (run: number, endMs = START_MS) => ({
  jobs: [job(run, { succeeded: 1, end: 'Complete', endMs })],
  pods: [pod(run, 'Succeeded', JSON.stringify({ results: [rate(1000)] }))],
});

test('a run is written down before it is made', () => {
  const set = setOf([fio]);
  const first = planStorage(set, nothingFound, START_MS);
  assert.deepEqual(
    [first.make, first.status?.phase, first.status?.started, first.status?.run],
    [undefined, 'Pending', 1, `${UID}.1`],
  );
  assert.deepEqual(first.events, [
    { type: 'Normal', reason: 'StorageRunStarted', message: `Run 1 with fio: ${UID}.1` },
  ]);
  const second = next(set, first);
  assert.deepEqual(second.plan.make, { number: 1, repetition: 0 });
  assert.deepEqual(second.plan.events, []);
  assert.deepEqual(second.plan.status, first.status, 'so that nothing is written again');
});

test('a run is followed from its pods to its results', () => {
  const set = setOf([{ ...fio, completions: 2 }]);
  const begun = next(set, planStorage(set, nothingFound, START_MS));
  const waiting = next(begun.set, begun.plan, {
    jobs: [job(1, { active: 2 })],
    pods: [
      {
        ...pod(1, 'Pending'),
        status: {
          phase: 'Pending',
          conditions: [{ type: 'PodScheduled', status: 'False', message: 'no node has the volume' }],
        },
      },
    ],
  });
  assert.deepEqual(
    [waiting.plan.status?.phase, waiting.plan.status?.message, waiting.plan.status?.active],
    ['Pending', 'no node has the volume', 2],
  );
  assert.equal(waiting.plan.make, undefined);
  const running = next(waiting.set, waiting.plan, {
    jobs: [job(1, { active: 1, succeeded: 1 })],
    pods: [pod(1, 'Running')],
  });
  assert.deepEqual(
    [running.plan.status?.phase, running.plan.status?.message, running.plan.status?.succeeded],
    ['Running', undefined, 1],
  );
  const done = next(running.set, running.plan, {
    jobs: [job(1, { succeeded: 2, end: 'Complete' })],
    pods: [1000, 500].map((iops) => pod(1, 'Succeeded', JSON.stringify({ results: [rate(iops)] }))),
  });
  const { phase, measured, results, startTime, completionTime, pods } = done.plan.status ?? {};
  assert.deepEqual([phase, measured, pods], ['Succeeded', 1, 2]);
  assert.deepEqual(results, [{ name: 'fio.read.iops', unit: '1/s', value: 1500, better: 'higher' }]);
  assert.deepEqual([startTime, completionTime], ['2026-01-01T12:00:00Z', '2026-01-01T12:00:00Z']);
  assert.deepEqual(done.plan.events[0]?.message, 'Run 1 has ended: fio.read.iops 1500 1/s');
  const idle = next(done.set, done.plan, succeeded(1));
  assert.deepEqual(idle.plan.status, done.plan.status);
});

test('why a run failed is told in the words of its pod, and the results of the one before stay', () => {
  const set = setOf([fio], { status: { phase: 'Running', started: 2, observedGeneration: 1, results: [] } });
  const failure = JSON.stringify({
    failure: 'The volume of /volume is full (ENOSPC). Give a smaller --size.',
  });
  const found = {
    jobs: [job(2, { failed: 1, end: 'Failed' })],
    pods: [pod(2, 'Failed', failure, 2)],
  };
  const { status, events } = planStorage(set, { ...nothingFound, ...found }, START_MS);
  assert.equal(status?.message, 'The volume of /volume is full (ENOSPC). Give a smaller --size.');
  assert.deepEqual([status.phase, status.results, events[0]?.type], ['Failed', [], 'Warning']);
  const killed = { ...found, pods: [pod(2, 'Failed', 'Killed', 137)] };
  assert.equal(
    planStorage(set, { ...nothingFound, ...killed }, START_MS).status?.message,
    'its container ended with Error (exit code 137)',
  );
  const noPods = { ...found, pods: [] };
  assert.equal(
    planStorage(set, { ...nothingFound, ...noPods }, START_MS).status?.message,
    'Job podometer-fast-2 failed: as it is said',
  );
});

test('a run whose Job somebody took away has failed, and is not made again', () => {
  const set = setOf([fio], {
    status: { phase: 'Running', started: 1, observedGeneration: 1, startTime: '2026-01-01T12:00:00Z' },
  });
  const { status, make } = planStorage(set, nothingFound, START_MS);
  assert.deepEqual([status?.phase, status?.message, make], ['Failed', 'its Job is gone', undefined]);
});

test('runs that were asked for together follow each other, and stop where one fails', () => {
  const set = setOf([{ ...fio, runs: 2 }], {
    status: { phase: 'Succeeded', started: 1, measured: 1, runs: 2, observedGeneration: 1 },
  });
  const second = planStorage(set, nothingFound, START_MS);
  assert.deepEqual(
    [second.status?.phase, second.status?.started, second.status?.measured],
    ['Pending', 2, 1],
  );
  assert.match(second.events[0]?.message ?? '', /^Run 2 \(2 of 2\)/);
  const failed = planStorage({ ...set, status: { ...set.status, phase: 'Failed' } }, nothingFound, START_MS);
  assert.deepEqual([failed.status?.phase, failed.status?.started], ['Failed', 1]);
});

test('a metric that asks for fewer runs is left out of the later ones', () => {
  const set = setOf([{ ...fio, runs: 2 }, ioping], {
    status: { phase: 'Succeeded', started: 1, measured: 1, runs: 2, observedGeneration: 1 },
  });
  const { events, status } = planStorage(set, nothingFound, START_MS);
  assert.match(events[0]?.message ?? '', /with fio:/);
  assert.equal(status?.pods, 1);
});

test('another value of the annotation measures again, once', () => {
  const set = setOf([fio], {
    runAgain: 'monday',
    status: { phase: 'Succeeded', started: 1, measured: 1, runs: 1, observedGeneration: 1 },
  });
  const again = planStorage(set, nothingFound, START_MS);
  assert.deepEqual([again.status?.started, again.status?.observedRunAgain], [2, 'monday']);
  const done = { ...again.status, phase: 'Succeeded' as const, measured: 1 };
  assert.equal(planStorage({ ...set, status: done }, nothingFound, START_MS).status?.started, 2);
});

test('a new generation ends the run under way and begins another', () => {
  const set = setOf([fio], {
    generation: 2,
    status: { phase: 'Running', started: 1, observedGeneration: 1 },
  });
  const found = {
    ...nothingFound,
    jobs: [job(1, { active: 1 })],
    claims: [{ metadata: { ...job(1).metadata, name: 'podometer-fast-1-fio' } }],
  };
  const { status, remove } = planStorage(set, found, START_MS);
  assert.deepEqual([status?.started, status?.observedGeneration], [2, 2]);
  assert.deepEqual(remove, [
    { kind: 'PersistentVolumeClaim', name: 'podometer-fast-1-fio' },
    { kind: 'Job', name: 'podometer-fast-1' },
  ]);
});

test('a schedule begins runs at its times, and several that were missed are one', () => {
  const set = setOf([fio], {
    status: {
      phase: 'Succeeded',
      started: 1,
      measured: 1,
      runs: 1,
      observedGeneration: 1,
      startTime: '2026-01-01T12:00:00Z',
    },
    spec: { metrics: [fio], schedule: '*/10 * * * *' },
  });
  const early = planStorage(set, nothingFound, START_MS + 9 * MINUTE_MS);
  assert.equal(early.status?.started, 1);
  assert.equal(early.status.nextScheduleTime, '2026-01-01T12:10:00Z');
  assert.equal(early.againAtMs, START_MS + 10 * MINUTE_MS);
  const late = planStorage(set, nothingFound, START_MS + 35 * MINUTE_MS);
  assert.deepEqual([late.status?.started, late.status?.lastScheduleTime], [2, '2026-01-01T12:35:00Z']);
  // Its Job's clock may be behind ours.
  const done = {
    ...late.status,
    phase: 'Succeeded' as const,
    measured: 1,
    startTime: '2026-01-01T12:29:59Z',
  };
  const after = planStorage({ ...set, status: done }, nothingFound, START_MS + 36 * MINUTE_MS);
  assert.deepEqual([after.status?.started, after.status?.nextScheduleTime], [2, '2026-01-01T12:40:00Z']);
});

test('what was made for a run goes away after it: the claim is told to at once, the Job soon, as it holds it', () => {
  const set = setOf([fio], {
    status: { phase: 'Succeeded', started: 1, measured: 1, runs: 1, observedGeneration: 1 },
  });
  const kept = { metadata: { name: 'podometer-fast-fio', labels: { 'podometer.dev/metric-set-uid': UID } } };
  const claim = { metadata: { ...job(1).metadata, name: 'podometer-fast-1-fio' } };
  const found = { ...nothingFound, ...succeeded(1), claims: [kept, claim] };
  const soon = planStorage(set, found, START_MS);
  assert.deepEqual(soon.remove, [{ kind: 'PersistentVolumeClaim', name: 'podometer-fast-1-fio' }]);
  assert.equal(soon.againAtMs, START_MS + MINUTE_MS / 2);
  const going = { metadata: { ...claim.metadata, deletionTimestamp: new Date(START_MS) } };
  const later = planStorage(set, { ...found, claims: [kept, going] }, START_MS + MINUTE_MS / 2);
  assert.deepEqual(later.remove, [{ kind: 'Job', name: 'podometer-fast-1' }]);
  assert.equal(planStorage(set, { ...found, claims: [kept] }, START_MS).againAtMs, START_MS + 10 * MINUTE_MS);
});

test('a JobSet is followed by the Jobs that it has made, and removed with them', () => {
  const set = setOf([fio, ioping], { status: { phase: 'Running', started: 1, observedGeneration: 1 } });
  const jobSet = { kind: 'JobSet', metadata: { ...job(1).metadata, name: 'podometer-fast-1' } };
  const child = (key: string, state = {}) =>
    job(1, { name: `podometer-fast-1-${key}-0`, ofJobSet: 'podometer-fast-1', ...state });
  const running = { ...nothingFound, jobSets: [jobSet], jobs: [child('fio', { end: 'Complete' })] };
  assert.equal(planStorage(set, running, START_MS).status?.phase, 'Pending');
  const both = [child('fio', { end: 'Complete' }), child('ioping', { end: 'Complete' })];
  const done = planStorage(set, { ...running, jobs: both }, START_MS);
  assert.equal(done.status?.phase, 'Succeeded');
  const later = planStorage(
    { ...set, status: done.status },
    { ...running, jobs: both },
    START_MS + 10 * MINUTE_MS,
  );
  assert.deepEqual(later.remove, [{ kind: 'JobSet', name: 'podometer-fast-1' }]);
  const oneFailed = { ...running, jobs: [child('ioping', { end: 'Failed' })] };
  assert.equal(planStorage(set, oneFailed, START_MS).status?.phase, 'Failed');
});

test('a MetricSet that asks for no tool any more has no storage status, and nothing of it stays', () => {
  const set = setOf([{ name: 'performance' }], {
    status: { phase: 'Running', started: 1, observedGeneration: 1 },
  });
  const plan = planStorage(set, { ...nothingFound, jobs: [job(1, { active: 1 })] }, START_MS);
  assert.deepEqual([plan.status, plan.remove], [undefined, [{ kind: 'Job', name: 'podometer-fast-1' }]]);
});
