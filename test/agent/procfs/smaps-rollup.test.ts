import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseSmapsRollup } from '../../../agent/procfs/smaps-rollup.ts';

test('what a captured file says of memory is read', () => {
  assert.deepEqual(parseSmapsRollup(readFileSync('test/fixtures/cgroup-v2-throttled/proc/smaps_rollup')), {
    rssBytes: 1708 * 1024,
    pssBytes: 682 * 1024,
    ussBytes: 124 * 1024,
    swapPssBytes: 0,
  });
});

test('a kernel without swap shares leaves them absent', () => {
  assert.equal(parseSmapsRollup(Buffer.from('Rss: 8 kB\nPss: 4 kB\n')).swapPssBytes, Number.NaN);
});
