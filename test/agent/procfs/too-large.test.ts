import assert from 'node:assert/strict';
import { test } from 'node:test';
import { v1Files } from '../../../agent/procfs/cgroup/v1.ts';
import { v2Files } from '../../../agent/procfs/cgroup/v2.ts';
import { ioFields, parseIo } from '../../../agent/procfs/io.ts';
import { Stat } from '../../../agent/procfs/stat.ts';
import { type Refuse, tooLargeError } from '../../../agent/procfs/too-large.ts';

const TOO_LARGE = '9007199254740992';

function refused(parse: (refuse: Refuse) => void): string[] {
  const found: string[] = [];
  parse((field, digits) => found.push(`${field} ${digits}`));
  return found;
}

test('a value that is too large is refused by its name, and a missing one is not', () => {
  const bytes = Buffer.from(`rchar: ${TOO_LARGE}\nwchar: 9007199254740991\n`);
  const into = new Float64Array(ioFields.length);
  assert.deepEqual(
    refused((refuse) => parseIo(bytes, into, refuse)),
    [`rchar ${TOO_LARGE}`],
  );
  assert.deepEqual([...into.subarray(0, 3)], [Number.NaN, Number.MAX_SAFE_INTEGER, Number.NaN]);
});

test('of a stat line only the fields that are kept are refused', () => {
  const line = `7 (x) S 1 7 7 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 99 ${TOO_LARGE} 2 18446744073709551615 1`;
  const stat = new Stat();
  assert.deepEqual(
    refused((refuse) => stat.parse(Buffer.from(line), refuse)),
    [`vsizeBytes ${TOO_LARGE}`],
  );
  assert.equal(stat.startTicks, 99);
});

test('a cgroup file that holds one number is refused by its name, but no limit is not', () => {
  const into = new Float64Array(1);
  const refusedOf = (files: typeof v2Files, name: string, text: string) =>
    refused((refuse) => files.find((file) => file.name === name)?.parse(Buffer.from(text), into, refuse));
  assert.deepEqual(refusedOf(v2Files, 'memory.current', TOO_LARGE), [`memory.current ${TOO_LARGE}`]);
  assert.deepEqual(refusedOf(v2Files, 'memory.max', 'max\n'), []);
  assert.deepEqual(refusedOf(v1Files.memory, 'memory.limit_in_bytes', '9223372036854771712\n'), []);
});

test('the error names file, field and value', () => {
  const error = tooLargeError('/proc/7/io', 'rchar', TOO_LARGE);
  assert.equal(error.code, 'PODO_PROCFS_TOO_LARGE');
  assert.match(error.message, /rchar of \/proc\/7\/io is 9007199254740992/);
});
