import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterEvents } from '../../../aggregator/store/cluster-events.ts';
import type { ContainerSpell, Pod } from '../../../protocol/pods.ts';
import { atMs, iso } from '../cluster/pod-fixtures.ts';

const pod = (change: Partial<Pod> = {}, spells: ContainerSpell[] = [], restarts = 0): Pod => ({
  name: 'web-a',
  uid: 'u',
  phase: 'Running',
  containers: [{ name: 'main', role: 'main', image: 'web:1', restarts, spells }],
  ...change,
});
const spell = (from: number, to: number, exitCode: number, reason: string): ContainerSpell => ({
  startedAt: iso(from),
  finishedAt: iso(to),
  exitCode,
  reason,
});
const told = (...pods: Pod[]) =>
  clusterEvents({ startedAtMs: atMs(0), pods }).map(({ atMs: ms, kind, value, message }) => [
    ms / 1000,
    kind,
    value,
    message,
  ]);

test('a kill for want of memory and the restart after it are two events at their own times', () => {
  assert.deepEqual(told(pod({}, [spell(3, 60, 137, 'OOMKilled'), { startedAt: iso(61) }], 1)), [
    [60, 'oom', undefined, 'Container main of web-a was killed: it passed its memory limit (OOMKilled)'],
    [
      61,
      'restart',
      1,
      'Container main of web-a was started again (restart 1, after exit code 137, OOMKilled)',
    ],
  ]);
});

test('of restarts whose earlier spells are not kept each has its number, and the first its start alone', () => {
  const spells = [spell(50, 51, 1, 'Error'), spell(60, 61, 0, 'Completed')];
  assert.deepEqual(told(pod({}, spells, 7)), [
    [50, 'restart', 6, 'Container main of web-a was started again (restart 6)'],
    [60, 'restart', 7, 'Container main of web-a was started again (restart 7, after exit code 1)'],
  ]);
  assert.deepEqual(told(pod({}, spells.slice(0, 1))), []);
});

test('a pod that was taken away is an event, with the cluster’s own words', () => {
  const evicted = pod({
    reason: 'Evicted',
    message: 'low on memory',
    disruption: { at: iso(40), reason: 'TerminationByKubelet' },
  });
  assert.deepEqual(told(evicted), [
    [40, 'eviction', undefined, 'Pod web-a was taken away (TerminationByKubelet): low on memory'],
  ]);
  const older = pod({
    reason: 'Evicted',
    outcome: { endedAtMs: atMs(41), reason: 'failed', cause: 'Evicted' },
  });
  assert.deepEqual(told(older), [[41, 'eviction', undefined, 'Pod web-a was taken away (Evicted)']]);
  assert.deepEqual(
    told(pod({ reason: 'DeadlineExceeded', outcome: { endedAtMs: 1, reason: 'failed' } })),
    [],
  );
});

test('a regression is told when it was found', () => {
  const concluded = { atMs: atMs(90), regression: 'Regressed: wall time rose by 20 %' };
  assert.deepEqual(clusterEvents({ startedAtMs: atMs(0), concluded }), [
    { atMs: 90_000, kind: 'regression', message: 'Regressed: wall time rose by 20 %' },
  ]);
  assert.deepEqual(clusterEvents({ startedAtMs: atMs(0), concluded: { atMs: 1 } }), []);
});
