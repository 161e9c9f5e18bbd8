import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseRunDelayNs } from '../../../agent/procfs/schedstat.ts';

test('the second number is the time spent waiting for a CPU', () => {
  assert.equal(
    parseRunDelayNs(readFileSync('test/fixtures/cgroup-v2-throttled/proc/schedstat')),
    9_732_311_781,
  );
});

test('an empty file tells nothing', () => {
  assert.equal(parseRunDelayNs(Buffer.from('')), Number.NaN);
});
