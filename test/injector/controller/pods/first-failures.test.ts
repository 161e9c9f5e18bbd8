import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { firstFailure, firstFailureMessage } from '../../../../injector/controller/pods/first-failures.ts';

const NOW_MS = Date.UTC(2026, 0, 1, 12);

interface Ended {
  readonly seconds?: number;
  readonly exitCode?: number;
  readonly message?: string;
}

const terminated = ({ seconds = 1, exitCode = 100, message }: Ended) => ({
  exitCode,
  startedAt: new Date(NOW_MS - 60_000),
  finishedAt: new Date(NOW_MS - 60_000 + seconds * 1000),
  ...(message !== undefined && { message }),
});

function pod(status: Partial<V1ContainerStatus>, name = 'app', isInjected = true): V1Pod {
  const base = { name, image: '', imageID: '', ready: false, restartCount: 0 };
  return {
    metadata: { name: 'web-1', annotations: isInjected ? { 'podometer.dev/injected': '1.0.0' } : {} },
    status: { containerStatuses: [{ ...base, ...status }] },
  };
}

const looping = (ended: Ended, restartCount = 3) =>
  pod({
    restartCount,
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: { terminated: terminated(ended) },
  });
const failed = (ended: Ended) => pod({ state: { terminated: terminated(ended) } });

test('what an init says of pid 1 is enough, at its first end', () => {
  const said = 'starting\ns6-overlay-suexec: fatal: can only run as pid 1\n';
  const failure = firstFailure([failed({ message: said })], NOW_MS);
  assert.deepEqual(failure, {
    container: 'app',
    times: 1,
    exitCode: 100,
    said: 's6-overlay-suexec: fatal: can only run as pid 1',
  });
  const message = firstFailureMessage('web-1', failure);
  assert.match(
    message,
    /It said "s6-overlay-suexec: fatal: can only run as pid 1"\. The cause is shareProcessNamespace/,
  );
  assert.match(message, /remove the label podometer\.dev\/profile .* or set shareProcessNamespace: false/);
  assert.equal(firstFailure([failed({ message: said, exitCode: 0 })], NOW_MS), undefined);
});

test('ends within seconds, again and again, point to it', () => {
  assert.deepEqual(firstFailure([looping({})], NOW_MS), {
    container: 'app',
    times: 3,
    exitCode: 100,
    said: undefined,
  });
  assert.equal(firstFailure([failed({}), failed({})], NOW_MS)?.times, 2, 'of a Job that tries again');
  assert.equal(firstFailure([failed({})], NOW_MS), undefined);
});

test('a container that was killed, ended well or lived for a while has another trouble', () => {
  for (const ended of [{ exitCode: 137 }, { exitCode: 143 }, { exitCode: 0 }, { seconds: 30 }]) {
    assert.equal(firstFailure([looping(ended)], NOW_MS), undefined, JSON.stringify(ended));
  }
});

test('where another pod of the owner stays up, or did its work, the agent is not why', () => {
  const up = pod({ state: { running: { startedAt: new Date(NOW_MS - 61_000) } } });
  const starting = pod({ state: { running: { startedAt: new Date(NOW_MS - 1000) } } });
  assert.equal(firstFailure([looping({}), up], NOW_MS), undefined);
  assert.equal(firstFailure([looping({}), failed({ exitCode: 0 })], NOW_MS), undefined);
  assert.equal(firstFailure([looping({}), starting], NOW_MS)?.times, 3);
});

test('a pod without the agent, and the agent itself, are not looked at', () => {
  const status = { restartCount: 3, lastState: { terminated: terminated({}) } };
  assert.equal(firstFailure([pod(status, 'app', false)], NOW_MS), undefined);
  assert.equal(firstFailure([pod(status, 'podometer-agent')], NOW_MS), undefined);
  assert.equal(firstFailure([pod(status)], NOW_MS)?.times, 3);
});
