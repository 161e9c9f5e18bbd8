import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseSchedstat, schedstatFields } from '../../../agent/procfs/schedstat.ts';

function schedstat(bytes: Buffer): number[] {
  const into = new Float64Array(schedstatFields.length);
  parseSchedstat(bytes, into);
  return [...into];
}

test('time on a CPU, time waiting for one and turns are read', () => {
  assert.deepEqual(
    schedstat(readFileSync('test/fixtures/cgroup-v2-throttled/proc/schedstat')),
    [2_465_766_928, 9_732_311_781, 170],
  );
});

test('an empty file tells nothing', () => {
  assert.deepEqual(schedstat(Buffer.from('')), [Number.NaN, Number.NaN, Number.NaN]);
});
