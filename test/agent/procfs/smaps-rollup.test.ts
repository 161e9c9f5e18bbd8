import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseSmapsRollup } from '../../../agent/procfs/smaps-rollup.ts';

test('the proportional and the unshared memory of a captured file are read', () => {
  assert.deepEqual(parseSmapsRollup(readFileSync('test/fixtures/cgroup-v2-throttled/proc/smaps_rollup')), {
    pssBytes: 682 * 1024,
    ussBytes: 124 * 1024,
  });
});
