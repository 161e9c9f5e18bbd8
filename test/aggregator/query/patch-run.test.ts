import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patchRun } from '../../../aggregator/query/patch-run.ts';
import { run } from '../fake-store.ts';

const record = run(1, { tags: { commit: 'abc', host: 'a' }, note: 'slow' });

test('a tag is set, kept or taken away', () => {
  const { tags } = patchRun(record, { tags: { commit: null, branch: 'main' } });
  assert.deepEqual(tags, { host: 'a', branch: 'main' });
});

test('what a patch does not name stays', () => {
  assert.deepEqual(patchRun(record, { pinned: true }), { ...record, pinned: true });
});

test('a note is changed, and null takes it away', () => {
  assert.equal(patchRun(record, { note: 'fast' }).note, 'fast');
  assert.ok(!('note' in patchRun(record, { note: null })));
});

test('a key that is not one is refused by name', () => {
  assert.throws(() => patchRun(record, { tags: { 'a b': 'x' } }), {
    code: 'PODO_BAD_REQUEST',
    message: /"a b"/,
  });
});

test('a run takes 64 tags and not one more', () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'x']));
  assert.equal(Object.keys(patchRun(run(1), { tags: many(64) }).tags).length, 64);
  assert.throws(() => patchRun(run(1), { tags: many(65) }), { message: /65 tags/ });
});
