import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MemberRecord, RunRecord } from '../../../aggregator/store/model.ts';
import { localLiveness, runState } from '../../../aggregator/store/run-state.ts';

const writer = { pid: 7, bootId: 'boot' };
const outcome = { endedAtMs: 1, reason: 'exited' } as const;

function record(...members: Partial<MemberRecord>[]): RunRecord {
  const base = { agent: 'a', name: 'm', epochMs: 0, lastSequence: 0, lastSeenMs: 1000, totals: [] };
  return {
    id: 'run-1',
    workload: { kind: 'Local', name: 'w' },
    number: 1,
    startedAtMs: 0,
    intervalMs: 1000,
    metrics: [],
    tags: {},
    pinned: false,
    agentVersion: '0',
    members: members.map((member) => ({ ...base, ...member })),
    sealed: false,
  };
}

const alive = () => true;
const dead = () => false;
const unknown = () => undefined;

test('a run is finished when every member has ended, whoever lives', () => {
  assert.equal(runState(record({ outcome }, { outcome, writer }), 1e9, dead), 'finished');
  assert.equal(runState(record({ outcome }, {}), 1000, unknown), 'running');
});

test('a run is interrupted as soon as its writer is known to be dead', () => {
  assert.equal(runState(record({ writer }), 1000, dead), 'interrupted');
  assert.equal(runState(record({ writer }), 1000, alive), 'running');
  assert.equal(runState(record({ writer }), 1000, unknown), 'running');
  assert.equal(runState(record({}), 1000, dead), 'running');
});

test('a run is interrupted when a member is silent for a minute and two intervals', () => {
  assert.equal(runState(record({ writer }), 63_000, alive), 'running');
  assert.equal(runState(record({ writer }), 63_001, alive), 'interrupted');
  assert.equal(runState(record({ lastSeenMs: 60_000 }, {}), 63_001, unknown), 'interrupted');
  assert.equal(runState({ ...record({}), intervalMs: 60_000 }, 181_000, unknown), 'running');
});

test('a writer lives where the kernel knows its pid in the same boot', () => {
  const fail = (code: string) => () => {
    throw Object.assign(new Error(code), { code });
  };
  assert.equal(localLiveness('boot', () => true)(writer), true);
  assert.equal(localLiveness('boot', fail('EPERM'))(writer), true);
  assert.equal(localLiveness('boot', fail('ESRCH'))(writer), false);
  assert.equal(localLiveness('other', fail('ESRCH'))(writer), undefined);
  assert.equal(localLiveness(undefined, fail('ESRCH'))(writer), undefined);
  assert.equal(localLiveness('boot')({ pid: process.pid, bootId: 'boot' }), true);
});
