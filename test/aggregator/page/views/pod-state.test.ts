import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podState } from '../../../../aggregator/page/views/pod-state.ts';
import type { Pod } from '../../../../protocol/pods.ts';
import type { RunOutcome } from '../../../../protocol/run.ts';

const pod: Pod = { uid: 'u', name: 'p', phase: 'Running', containers: [] };
const ended = (reason: RunOutcome['reason'], more: Partial<Pod> = {}) =>
  podState({ ...pod, outcome: { endedAtMs: 1, reason }, ...more }, undefined);

test('a pod of whose end nothing is known, or that was let go, looks like no failure', () => {
  for (const reason of ['detached', 'unknown', 'stopped'] as const) {
    assert.deepEqual(ended(reason), { text: reason, isBad: false });
  }
});

test('a pod that failed, was deleted or evicted looks like one', () => {
  assert.deepEqual(ended('failed'), { text: 'failed', isBad: true });
  assert.deepEqual(ended('deleted'), { text: 'deleted', isBad: true });
  assert.deepEqual(podState({ ...pod, reason: 'Evicted' }, undefined), { text: 'Evicted', isBad: true });
});
