import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ioFields, parseIo } from '../../../agent/procfs/io.ts';

function io(text: string | Buffer): Record<string, number> {
  const into = new Float64Array(ioFields.length);
  parseIo(Buffer.from(text), into);
  return Object.fromEntries(ioFields.map((field, i) => [field, into[i] ?? -1]));
}

test('all counters of a captured file are read', () => {
  assert.deepEqual(io(readFileSync('test/fixtures/cgroup-v2-throttled/proc/io')), {
    rchar: 816,
    wchar: 3,
    syscr: 2,
    syscw: 1,
    read_bytes: 0,
    write_bytes: 0,
    cancelled_write_bytes: 0,
  });
});

test('a counter that is not there is absent and not zero', () => {
  assert.deepEqual(Object.values(io('rchar: 5\n')).slice(0, 2), [5, Number.NaN]);
});
