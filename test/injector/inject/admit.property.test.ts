/** For every pod and every namespace: left alone, or changed in a way that no rule of the API server is against. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { admitPod } from '../../../injector/inject/admit.ts';
import { requests } from './generated-requests.ts';
import { assertSoundInjection } from './injected.ts';
import { ruleFaults } from './pod-rules.ts';

const NUM_RUNS = Number(process.env.RUNS ?? 1000);

test('a pod is left alone, or comes out valid, with its own parts untouched, and is never changed twice', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const before = structuredClone(request);
      const answer = admitPod(request);
      assert.deepEqual(request, before, 'what was asked about is not written to');
      if (answer.kind === 'inject') assertSoundInjection(request, answer);
      else assert.ok(answer.warning !== undefined, 'the person is told why');
    }),
    { numRuns: NUM_RUNS },
  );
});

test('a pod that nothing stands against is measured', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const { pod, facts } = request;
      fc.pre(
        pod.spec?.hostPID !== true &&
          pod.spec?.shareProcessNamespace !== false &&
          ruleFaults(pod).length === 0,
      );
      const privileged = { ...facts.namespace, labels: {}, limitRanges: [], quotas: [] };
      const answer = admitPod({ ...request, facts: { ...facts, namespace: privileged } });
      assert.equal(answer.kind, 'inject');
    }),
    { numRuns: NUM_RUNS / 4 },
  );
});

test('a LimitRange or quota is blamed only where there is one', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const answer = admitPod(request);
      const { limitRanges, quotas } = request.facts.namespace;
      if (answer.kind === 'skip' && answer.reason === 'limit-range') assert.ok(limitRanges.length > 0);
      if (answer.kind === 'skip' && answer.reason === 'quota') assert.ok(quotas.length > 0);
    }),
    { numRuns: NUM_RUNS / 4 },
  );
});
