import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endedWell, hasFailed, runOutcome } from '../../../aggregator/query/run-outcome.ts';
import { stateCell } from '../../../cli/report/run-state.ts';
import type { Pod } from '../../../protocol/pods.ts';
import type { RunOutcome, Workload } from '../../../protocol/run.ts';
import { member, openMember, run } from '../fake-store.ts';

const outcome = (endedAtMs: number, change: Partial<RunOutcome> = {}): RunOutcome => ({
  endedAtMs,
  reason: 'exited',
  ...change,
});
const pod: Pod = { name: 'web-a', uid: 'u', phase: 'Running', containers: [] };
const inCluster = (kind: Workload['kind']) => ({
  workload: { kind, name: 'web', namespace: 'team' },
  pods: [pod],
});

test('a run ended as its first member to fail, else as the last to end, at the end of the last', () => {
  const members = [outcome(3, { exitCode: 0 }), outcome(2, { exitCode: 4 }), outcome(1, { exitCode: 5 })];
  const record = run(1, { members: members.map((one) => member({ outcome: one })) });
  assert.deepEqual(runOutcome(record, 'finished'), outcome(3, { exitCode: 5 }));
  assert.equal(runOutcome(record, 'running'), undefined);
  assert.equal(runOutcome(run(1, { members: [member(), openMember()] }), 'interrupted'), undefined);
});

test('what the workload says of its end stands above what its members did', () => {
  const record = run(1, {
    ...inCluster('Job'),
    members: [member({ outcome: outcome(1, { exitCode: 137 }) }), openMember()],
    ending: outcome(9, { exitCode: 0 }),
  });
  assert.deepEqual(runOutcome(record, 'finished'), outcome(9, { exitCode: 0 }));
  assert.equal(endedWell(record, 'finished'), true);
});

test('a revision whose pods are gone was stopped, which is no failure; a deleted pod is one', () => {
  const members = [member({ outcome: outcome(5, { exitCode: 143 }) })];
  const revision = run(1, { ...inCluster('Deployment'), members });
  assert.deepEqual(runOutcome(revision, 'finished'), { endedAtMs: 5, reason: 'stopped' });
  assert.equal(endedWell(revision, 'finished'), true);
  const deleted = [member({ outcome: outcome(5, { reason: 'deleted', cause: 'Deleted' }) })];
  assert.equal(endedWell(run(1, { ...inCluster('Pod'), members: deleted }), 'finished'), false);
  assert.equal(endedWell(run(1, { members }), 'running'), false);
});

test('what is not known to have failed has not', () => {
  assert.deepEqual(
    [
      outcome(1),
      outcome(1, { exitCode: 0 }),
      outcome(1, { reason: 'unknown' }),
      outcome(1, { exitCode: 1 }),
      outcome(1, { signal: 'SIGKILL', reason: 'signalled' }),
      outcome(1, { reason: 'failed', cause: 'Evicted' }),
    ].map(hasFailed),
    [false, false, false, true, true, true],
  );
});

test('the state of a run names what the cluster says of it', () => {
  const text = (one: RunOutcome) => stateCell({ state: 'finished', outcome: one }).text;
  assert.equal(text(outcome(1, { exitCode: 137, cause: 'OOMKilled' })), 'exit 137 OOMKilled');
  assert.equal(text(outcome(1, { reason: 'failed', cause: 'Evicted' })), 'Evicted');
  assert.equal(text(outcome(1, { reason: 'stopped' })), 'stopped');
});
