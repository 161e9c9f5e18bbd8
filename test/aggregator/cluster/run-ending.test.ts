import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatheredPod, gonePod } from '../../../aggregator/cluster/gathered-pod.ts';
import { measuredPod } from '../../../aggregator/cluster/measured-pod.ts';
import { runEnding, type Workloads } from '../../../aggregator/cluster/run-ending.ts';
import { type EndedObject, workloadFacts } from '../../../aggregator/cluster/workload-facts.ts';
import type { Pod } from '../../../protocol/pods.ts';
import type { Workload } from '../../../protocol/run.ts';
import {
  at,
  atMs,
  ended,
  JOB_UID,
  job,
  jobPod,
  oomKilledPod,
  SET_UID,
  status,
  succeededPod,
} from './pod-fixtures.ts';

const NOW = atMs(1000);

function podOf(pod: ReturnType<typeof jobPod>): Pod {
  const { measured } = measuredPod(pod);
  assert.ok(measured);
  return gatheredPod(undefined, measured.pod, NOW);
}

function workloads(jobs: readonly object[], sets: readonly object[] = [], isKnown = true): Workloads {
  const find = (objects: readonly object[], uid: string) =>
    objects.map((one) => workloadFacts(one as EndedObject)).find(({ metadata }) => metadata?.uid === uid);
  return { knows: () => isKnown, job: (uid) => find(jobs, uid), jobSet: (uid) => find(sets, uid) };
}

const endingOf = (pods: readonly Pod[], known: Workloads, kind: Workload['kind'] = 'Job') =>
  runEnding({ workload: { kind, name: 'train', namespace: 'team' }, pods }, known, NOW);

const complete = { type: 'Complete', at: 70 };
const failed = { type: 'Failed', reason: 'BackoffLimitExceeded', at: 130 };
const retried = [podOf(oomKilledPod()), podOf(succeededPod({ name: 'pod-b' }))];

test('a Job whose second try succeeds has succeeded, when the Job says so', () => {
  assert.equal(endingOf(retried, workloads([job('train', JOB_UID)])), undefined);
  assert.deepEqual(endingOf(retried, workloads([job('train', JOB_UID, complete)])), {
    endedAtMs: atMs(70),
    exitCode: 0,
    reason: 'exited',
  });
});

test('a Job that gave up failed as the last of its pods did', () => {
  const first = podOf(jobPod({ name: 'pod-0', phase: 'Failed', statuses: [status('main', ended(1, 2, 3))] }));
  assert.deepEqual(endingOf([first, podOf(oomKilledPod())], workloads([job('train', JOB_UID, failed)])), {
    endedAtMs: atMs(130),
    exitCode: 137,
    reason: 'exited',
    cause: 'OOMKilled',
  });
  assert.deepEqual(endingOf([first], workloads([job('train', JOB_UID, failed)])), {
    endedAtMs: atMs(130),
    exitCode: 3,
    reason: 'exited',
    cause: 'BackoffLimitExceeded',
  });
});

test('a Job that was out of time failed for that, whatever its stopped pods said', () => {
  const stopped = podOf(jobPod({ phase: 'Failed', statuses: [status('main', ended(3, 130, 143))] }));
  const late = job('train', JOB_UID, { type: 'Failed', reason: 'DeadlineExceeded', at: 131 });
  assert.deepEqual(endingOf([stopped], workloads([late])), {
    endedAtMs: atMs(131),
    reason: 'failed',
    cause: 'DeadlineExceeded',
  });
});

test('a Job that was deleted ended with its pods, once all of them have', () => {
  const there = podOf(jobPod());
  assert.equal(endingOf([there], workloads([])), undefined);
  assert.deepEqual(endingOf([gonePod(there, atMs(90))], workloads([])), {
    endedAtMs: atMs(90),
    reason: 'deleted',
    cause: 'Deleted',
  });
  // A Job that cleans itself away at once.
  assert.equal(endingOf(retried, workloads([]))?.exitCode, 137);
  // It may be told of after its pods.
  assert.equal(endingOf([gonePod(there, NOW - 1000)], workloads([])), undefined);
});

test('a JobSet decides over its Jobs; where there is none to ask, they do together', () => {
  const owned = (name: string, uid: string, condition?: Parameters<typeof job>[2]) => {
    const one = job(name, uid, condition) as { metadata: object };
    const ownerReferences = [
      { kind: 'JobSet', uid: SET_UID, name: 'all', apiVersion: 'x', controller: true },
    ];
    return { ...one, metadata: { ...one.metadata, ownerReferences } };
  };
  const podOfJob = (name: string, uid: string) =>
    podOf(
      succeededPod({
        name,
        metadata: {
          ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: uid, uid, controller: true }],
        },
      }),
    );
  const pods = [podOfJob('p1', 'j1'), podOfJob('p2', 'j2')];
  const [one, two] = [owned('j1', 'j1', complete), owned('j2', 'j2')];
  const set = (condition?: object) => ({
    metadata: { name: 'all', uid: SET_UID },
    status: { conditions: condition ? [condition] : [] },
  });
  const isDone = {
    type: 'Completed',
    status: 'True',
    reason: 'AllJobsCompleted',
    lastTransitionTime: at(75),
  };
  const hasFailed = { type: 'Failed', status: 'True', reason: 'FailedJobs', lastTransitionTime: at(75) };

  assert.equal(endingOf(pods, workloads([one, two], [set()]), 'JobSet'), undefined);
  assert.equal(endingOf(pods, workloads([one, two], [set(isDone)]), 'JobSet')?.endedAtMs, atMs(75));
  assert.deepEqual(endingOf(pods, workloads([one, two], [set(hasFailed)]), 'JobSet'), {
    endedAtMs: atMs(75),
    reason: 'failed',
    cause: 'FailedJobs',
  });
  assert.equal(endingOf(pods, workloads([one, two]), 'JobSet'), undefined);
  assert.equal(endingOf(pods, workloads([one, owned('j2', 'j2', complete)]), 'JobSet')?.exitCode, 0);
});

test('nothing is said before Jobs were read, nor of what is no Job', () => {
  const known = [job('train', JOB_UID, complete)];
  assert.equal(endingOf(retried, workloads(known, [], false)), undefined);
  assert.equal(endingOf(retried, workloads(known), 'Deployment'), undefined);
  assert.equal(endingOf([], workloads(known)), undefined);
});
