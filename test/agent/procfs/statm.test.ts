import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseStatm, statmFields } from '../../../agent/procfs/statm.ts';

function statm(bytes: Buffer, pageSizeBytes: number): Record<string, number> {
  const into = new Float64Array(statmFields.length);
  parseStatm(bytes, pageSizeBytes, into);
  return Object.fromEntries(statmFields.map((field, i) => [field, into[i] ?? -1]));
}

test('pages come out in bytes of the page size given', () => {
  const bytes = readFileSync('test/fixtures/cgroup-v2-throttled/proc/statm');
  const expected = { sizeBytes: 565, residentBytes: 1, sharedBytes: 0, textBytes: 388, dataBytes: 77 };
  assert.deepEqual(statm(bytes, 1), expected);
  assert.equal(statm(bytes, 65_536).sizeBytes, 565 * 65_536);
});

test('the size of this process is the one in its status', () => {
  const size = statm(readFileSync('/proc/self/statm'), 4096).sizeBytes ?? 0;
  const vmSize = Number(/VmSize:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]) * 1024;
  assert.ok(Math.abs(size - vmSize) < vmSize / 10);
});
