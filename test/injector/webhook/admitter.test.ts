import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AdmitterParts, admitter, type Verdict } from '../../../injector/webhook/admitter.ts';
import { InjectorMetrics } from '../../../injector/webhook/metrics.ts';
import type { Admission, AdmissionRequest } from '../../../injector/webhook/review.ts';

const labelled: AdmissionRequest = {
  uid: 'u',
  operation: 'CREATE',
  dryRun: false,
  namespace: 'team-a',
  pod: { metadata: { labels: { 'podometer.dev/profile': 'true' } } },
};
const unlabelled: AdmissionRequest = { ...labelled, pod: { metadata: {} } };

const facts: AdmitterParts['facts'] = {
  gather: async ({ namespace }) => ({
    serverMinor: 36,
    namespace: { name: namespace, labels: {}, limitRanges: [], quotas: [] },
    owners: [],
    metricSets: [],
  }),
};

interface Outcome {
  readonly admission: Admission;
  /** Its decision, as the metrics have it. */
  readonly decision: string | undefined;
  readonly told: number;
  readonly logged: readonly string[];
}

async function admit(
  verdict: Verdict | Error,
  request = labelled,
  parts: Partial<AdmitterParts> = {},
): Promise<Outcome> {
  const metrics = new InjectorMetrics();
  const logged: string[] = [];
  let told = 0;
  const decide = admitter({
    policy: () => {
      if (verdict instanceof Error) throw verdict;
      return verdict;
    },
    facts,
    metrics,
    clock: { monotonicMs: () => 1000, wallMs: () => 0 },
    onSkip: () => {
      told += 1;
    },
    log: (message) => void logged.push(message),
    ...parts,
  });
  const admission = await decide(request, 2000);
  const decision = /decisions_total\{(.*)\} 1$/m.exec(metrics.exposition(true))?.[1];
  return { admission, decision, told, logged };
}

const skip = (warning: string | undefined): Verdict => ({ kind: 'skip', reason: 'host-pid', warning });

test('an injected pod gets the patch and its warnings', async () => {
  const patch = [{ op: 'add', path: '/x', value: 1 }];
  const { admission, decision, told } = await admit({ kind: 'inject', patch, warnings: ['hm'] });
  assert.deepEqual(admission, { patch, warnings: ['hm'] });
  assert.equal(decision, 'decision="inject",reason=""');
  assert.equal(told, 0);
});

test('a labelled pod that is left alone is told of by a warning, an Event and a counter', async () => {
  const { admission, decision, told } = await admit(skip('why'));
  assert.deepEqual(admission, { patch: [], warnings: ['why'] });
  assert.equal(decision, 'decision="skip",reason="host-pid"');
  assert.equal(told, 1);
});

test('a dry run has no side effect, and a pod that nobody asked about gets no warning', async () => {
  const dry = await admit(skip('why'), { ...labelled, dryRun: true });
  assert.deepEqual(dry.admission.warnings, ['why']);
  assert.equal(dry.told, 0);
  const silent = await admit(skip(undefined), unlabelled);
  assert.deepEqual(silent.admission, { patch: [], warnings: [] });
  assert.equal(silent.told, 0);
});

test('where the namespace is not known, or time has run out, or the policy fails, the pod is let through', async () => {
  const unknown = { gather: async () => undefined };
  const late = { monotonicMs: () => 2001, wallMs: () => 0 };
  const cases = [
    ['facts-unknown', await admit(skip('why'), labelled, { facts: unknown }), /does not know this namespace/],
    ['late', await admit(skip('why'), labelled, { clock: late }), /too slow/],
    ['internal-error', await admit(new Error('oh')), /met something unexpected/],
  ] as const;
  for (const [reason, { admission, decision, told }, warning] of cases) {
    assert.deepEqual(admission.patch, []);
    assert.match(admission.warnings.join(), warning);
    assert.equal(decision, `decision="skip",reason="${reason}"`);
    assert.equal(told, 1);
  }
  const quiet = await admit(skip('why'), unlabelled, { facts: unknown });
  assert.deepEqual(quiet.admission.warnings, []);
  assert.equal(quiet.decision, 'decision="skip",reason="facts-unknown"');
  assert.match((await admit(new Error('oh'))).logged.join(), /review u in team-a failed: Error: oh/);
});
