import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Pod } from '@kubernetes/client-node';
import { gatheredPod, gonePod, unseenPod } from '../../../aggregator/cluster/gathered-pod.ts';
import { measuredPod } from '../../../aggregator/cluster/measured-pod.ts';
import type { Pod } from '../../../protocol/pods.ts';
import {
  at,
  atMs,
  ended,
  evictedPod,
  iso,
  jobPod,
  oomKilledPod,
  running,
  status,
  succeededPod,
} from './pod-fixtures.ts';

function podOf(pod: V1Pod): Pod {
  const { measured } = measuredPod(pod);
  assert.ok(measured);
  return measured.pod;
}

/** What is gathered of a pod that was told of several times. */
function gathered(...told: readonly V1Pod[]): Pod {
  const [first, ...rest] = told.map(podOf);
  assert.ok(first);
  return rest.reduce(
    (before, now) => gatheredPod(before, now, atMs(500)),
    gatheredPod(undefined, first, atMs(500)),
  );
}

const outcomeOf = (...told: readonly V1Pod[]) => gathered(...told).outcome;

/** Restart `count`, 10 s after the start before it, which ended with exit code 1 a second ago. */
const restarted = (count: number, from = 3 + 10 * count) =>
  jobPod({
    statuses: [
      status('main', running(from), { restartCount: count, lastState: ended(from - 10, from - 1, 1) }),
    ],
  });

test('a pod that goes on has no outcome; one that succeeded has exit code 0 and its last end', () => {
  assert.equal(outcomeOf(jobPod()), undefined);
  assert.deepEqual(outcomeOf(jobPod(), succeededPod()), {
    endedAtMs: atMs(60),
    exitCode: 0,
    reason: 'exited',
  });
});

test('a container that was killed for want of memory is the cause of its pod’s end', () => {
  assert.deepEqual(outcomeOf(oomKilledPod()), {
    endedAtMs: atMs(63),
    reason: 'exited',
    exitCode: 137,
    cause: 'OOMKilled',
  });
});

test('of several containers the first that failed counts, and a plain error needs no other word', () => {
  const pod = jobPod({
    phase: 'Failed',
    statuses: [status('main', ended(3, 50, 143)), status('other', ended(3, 20, 2))],
  });
  pod.spec?.containers.push({ name: 'other', image: 'other:1' });
  assert.deepEqual(outcomeOf(pod), { endedAtMs: atMs(50), reason: 'exited', exitCode: 2 });
});

test('a failed init container ends its pod, a failed sidecar does not', () => {
  const pod = jobPod({
    phase: 'Failed',
    statuses: [status('main', { waiting: { reason: 'PodInitializing' } })],
    initStatuses: [status('fetch', ended(2, 5, 7)), status('proxy', ended(2, 4, 9))],
  });
  pod.spec?.initContainers?.push(
    { name: 'fetch', image: 'fetch:1' },
    { name: 'proxy', image: 'proxy:1', restartPolicy: 'Always' },
  );
  assert.equal(outcomeOf(pod)?.exitCode, 7);
});

test('an evicted pod without statuses failed when it was taken away, and keeps what was told before', () => {
  const pod = gathered(jobPod(), evictedPod());
  assert.deepEqual(pod.outcome, { endedAtMs: atMs(40), reason: 'failed', cause: 'Evicted' });
  assert.deepEqual(pod.containers[0]?.spells, [{ id: '000000000003', startedAt: iso(3) }]);
  assert.equal(pod.readyAt, iso(4));
});

test('a pod that was out of time says so beside the exit code of what was stopped', () => {
  const pod = jobPod({
    phase: 'Failed',
    statuses: [status('main', ended(3, 33, 143))],
    status: {
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    },
  });
  assert.deepEqual(outcomeOf(pod), {
    endedAtMs: atMs(33),
    reason: 'exited',
    exitCode: 143,
    cause: 'DeadlineExceeded',
  });
});

test('every time that a container ran is kept once, though a status tells of two alone', () => {
  const pod = gathered(jobPod(), restarted(1), restarted(1), restarted(2), restarted(3));
  const [main] = pod.containers;
  assert.equal(main?.restarts, 3);
  assert.deepEqual(
    main?.spells.map(({ startedAt, finishedAt, exitCode }) => [startedAt, finishedAt, exitCode]),
    [
      [iso(3), iso(12), 1],
      [iso(13), iso(22), 1],
      [iso(23), iso(32), 1],
      [iso(33), undefined, undefined],
    ],
  );
});

test('of a container that crashes for ever the newest spells are kept', () => {
  const pod = gathered(...Array.from({ length: 60 }, (_, i) => restarted(i + 1)));
  assert.equal(pod.containers[0]?.spells.length, 20);
  assert.equal(pod.containers[0]?.spells.at(-1)?.startedAt, iso(603));
  assert.equal(pod.containers[0]?.restarts, 60);
});

test('a pod that goes while its container runs was deleted, and ended when it was gone', () => {
  assert.deepEqual(gonePod(gathered(jobPod()), atMs(90)).outcome, {
    endedAtMs: atMs(90),
    reason: 'deleted',
    cause: 'Deleted',
  });
});

test('how a container ended after it was told to stop is not its own end; before that, it is', () => {
  const stopped = (exitCode: number, atSecond: number) =>
    gonePod(
      gathered(
        jobPod({
          metadata: { deletionTimestamp: at(80), deletionGracePeriodSeconds: 30 },
          statuses: [status('main', ended(3, atSecond, exitCode))],
        }),
      ),
      atMs(90),
    ).outcome;
  assert.deepEqual(stopped(143, 51), { endedAtMs: atMs(51), reason: 'deleted', cause: 'Deleted' });
  assert.deepEqual(stopped(0, 51), { endedAtMs: atMs(51), reason: 'deleted', cause: 'Deleted' });
  assert.deepEqual(stopped(3, 49), { endedAtMs: atMs(49), reason: 'exited', exitCode: 3 });
  assert.deepEqual(stopped(0, 49), { endedAtMs: atMs(49), reason: 'exited', exitCode: 0 });
});

test('a pod that was taken away by its node’s loss says by whom', () => {
  const lost = jobPod({
    status: {
      conditions: [
        {
          type: 'DisruptionTarget',
          status: 'True',
          reason: 'DeletionByTaintManager',
          message: 'Taint manager: deleting due to NoExecute taint',
          lastTransitionTime: at(300),
        },
      ],
    },
  });
  assert.deepEqual(gonePod(gathered(jobPod(), lost), atMs(400)).outcome, {
    endedAtMs: atMs(300),
    reason: 'deleted',
    cause: 'DeletionByTaintManager',
  });
});

test('a pod that is told of again is not gone, and one of which nothing is known but its agent was deleted', () => {
  const back = gatheredPod(gonePod(gathered(jobPod()), atMs(90)), podOf(jobPod()), atMs(95));
  assert.deepEqual([back.goneAt, back.outcome], [undefined, undefined]);
  assert.deepEqual(unseenPod('pod-x', 'u', atMs(7)).outcome, {
    endedAtMs: atMs(7),
    reason: 'deleted',
    cause: 'Deleted',
  });
});

test('an end whose time nobody tells stays where it was first seen', () => {
  const failed = evictedPod({ status: { reason: 'NodeAffinity', containerStatuses: [], conditions: [] } });
  const first = gatheredPod(undefined, podOf(failed), atMs(100));
  assert.equal(first.outcome?.endedAtMs, atMs(100));
  assert.deepEqual(gatheredPod(first, podOf(failed), atMs(200)), first);
});
