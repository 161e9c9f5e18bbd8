import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeReview } from '../../../injector/webhook/review.ts';
import { readTimeout } from '../../../injector/webhook/timeout.ts';
import { pod, review } from './sample-review.ts';

test("what is read of a review, with the request's namespace where the pod's metadata has none", () => {
  assert.deepEqual(decodeReview(review({ dryRun: true })), {
    uid: 'c483692c-6cfe-46c5-9f5c-fefcd354d31a',
    operation: 'CREATE',
    dryRun: true,
    namespace: 'team-a',
    pod,
  });
});

test('fields that Go writes as null count as absent', () => {
  const metadata = { ...pod.metadata, annotations: null, ownerReferences: null };
  const text = review().replace('"dryRun":false', '"dryRun":null');
  const { dryRun, pod: read } = decodeReview(
    text.replace(JSON.stringify(pod.metadata), JSON.stringify(metadata)),
  );
  assert.equal(dryRun, false);
  assert.equal(read.metadata?.annotations, null);
});

test('a refusal names the field', () => {
  const cases: [string, string, RegExp][] = [
    ['"kind":"Pod"', '"kind":"Node"', /request\.kind\.kind must be equal to constant/],
    ['"operation":"CREATE"', '"operation":"DELETE"', /request\.operation/],
    ['"containers":[{"name":"app"', '"containers":[{"name":1', /request\.object\.spec\.containers\.0\.name/],
    ['"podometer.dev/profile":"true"', '"podometer.dev/profile":true', /request\.object\.metadata\.labels/],
  ];
  for (const [from, to, reason] of cases) {
    const text = review().replace(from, to);
    assert.notEqual(text, review());
    assert.throws(() => decodeReview(text), { code: 'PODO_BAD_REQUEST', message: reason });
  }
});

test("the API server's timeout is read as Go writes it, and is 10 s where it cannot be read", () => {
  const cases: [unknown, number][] = [
    ['10s', 10_000],
    ['1m30s', 90_000],
    ['2.5s', 2500],
    ['500ms', 500],
    ['1m0.5s', 60_500],
    [undefined, 10_000],
    ['', 10_000],
    ['10', 10_000],
    ['-1s', 10_000],
    [['1s', '2s'], 10_000],
  ];
  for (const [text, ms] of cases) assert.equal(readTimeout(text), ms, String(text));
});
