/** Pod in, answer out: `UPDATE=1` writes test/fixtures/injection anew. What every injection must keep is checked beside it. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { V1Pod } from '@kubernetes/client-node';
import { type Admission, admitPod, type PodRequest } from '../../../injector/inject/admit.ts';
import type { OwnerFacts } from '../../../injector/inject/facts.ts';
import { skipReasons } from '../../../injector/inject/skip-reasons.ts';
import { PROFILE_LABEL } from '../../../protocol/names.ts';
import { formCases } from './cases/forms.ts';
import { namespaceRuleCases } from './cases/namespace-rules.ts';
import { ownerCases } from './cases/owners.ts';
import { skipCases } from './cases/skips.ts';
import { wishCases } from './cases/wishes.ts';
import { assertSoundInjection } from './injected.ts';
import { requestOf } from './injection-case.ts';

const REVIEWS = new URL('../../fixtures/admission-reviews/', import.meta.url);
const EXPECTED = new URL('../../fixtures/injection/', import.meta.url);
const isUpdate = process.env.UPDATE === '1';

interface Recorded {
  readonly request: { readonly namespace: string; readonly operation: string; readonly object: V1Pod };
}

const cases = {
  forms: formCases,
  rules: namespaceRuleCases,
  owners: ownerCases,
  skips: skipCases,
  wishes: wishCases,
};
const answered = new Set<string>();
const compared = new Set<string>();

for (const [group, examples] of Object.entries(cases)) {
  for (const example of examples) {
    test(`${group}: ${example.name}`, () =>
      assertGolden(`${group}/${fileName(example.name)}`, requestOf(example)));
  }
}

for (const file of readdirSync(REVIEWS)) {
  test(`the recorded request ${file}, with the label that asks for measuring`, () => {
    const { request } = readJson<Recorded>(new URL(file, REVIEWS));
    const { namespace, operation, object } = request;
    const labels = { ...object.metadata?.labels, [PROFILE_LABEL]: 'true' };
    const pod: V1Pod = { ...object, metadata: { ...object.metadata, labels } };
    const asked = requestOf({ pod, operation, namespace: { name: namespace }, owners: controllers(object) });
    assert.deepEqual(admitPod({ ...asked, pod: object }), {
      kind: 'skip',
      reason: 'not-labelled',
      warning: undefined,
    });
    assert.deepEqual(admitPod({ ...asked, dryRun: true }), admitPod(asked));
    assertGolden(`recorded/${file.replace('.json', '')}`, asked);
  });
}

test('every reason to leave a pod alone is met by some case', () => {
  assert.deepEqual(
    Object.keys(skipReasons).filter((reason) => !answered.has(reason)),
    ['already-injected'],
  );
});

test('every file of what is expected belongs to a case', () => {
  const files = readdirSync(EXPECTED, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.json'),
  );
  assert.deepEqual(
    files.filter((file) => !compared.has(file)),
    [],
  );
});

function assertGolden(name: string, request: PodRequest): void {
  compared.add(`${name}.json`);
  const answer = admitPod(request);
  if (answer.kind === 'inject') assertSoundInjection(request, answer);
  else answered.add(answer.reason);
  const text = `${JSON.stringify({ pod: request.pod, answer: shown(answer) }, undefined, 2)}\n`;
  const file = new URL(`${name}.json`, EXPECTED);
  if (isUpdate) {
    mkdirSync(new URL('.', file), { recursive: true });
    writeFileSync(file, text);
  }
  assert.equal(text, readFileSync(file, 'utf8'), `${name}: UPDATE=1 writes it anew`);
}

/** JSON has no undefined, and a warning that is not there must be seen. */
function shown(answer: Admission): object {
  return answer.kind === 'skip' ? { ...answer, warning: answer.warning ?? null } : answer;
}

/** Where the API server did not answer in time. */
function controllers({ metadata }: V1Pod): OwnerFacts[] {
  const owners = (metadata?.ownerReferences ?? []).filter(({ controller }) => controller === true);
  return owners.map(({ apiVersion, kind, name, uid }) => ({
    apiVersion,
    kind,
    name,
    uid,
    labels: undefined,
  }));
}

function fileName(sentence: string): string {
  return sentence.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

function readJson<T>(file: URL): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
