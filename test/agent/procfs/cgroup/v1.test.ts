import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type V1Controller, v1Files } from '../../../../agent/procfs/cgroup/v1.ts';

function read(controller: V1Controller, name: string): Record<string, number> {
  const file = v1Files[controller].find((one) => one.name === name);
  assert.ok(file);
  const into = new Float64Array(file.columns.length);
  file.parse(readFileSync(`test/fixtures/cgroup-v1/${controller}/${name}`), into);
  return Object.fromEntries(file.columns.map((column, i) => [column, into[i] ?? -1]));
}

test('CPU time in ns comes out in µs', () => {
  assert.deepEqual(read('cpuacct', 'cpuacct.usage'), { cpuUsageUs: 921_190_730 });
});

test('memory counts the whole subtree, and the largest limit is none', () => {
  assert.deepEqual(read('memory', 'memory.stat'), {
    memoryAnonBytes: 20_873_216,
    memoryFileBytes: 288_321_536,
    containerMinorFaults: 27_237_697 - 7961,
    containerMajorFaults: 7961,
  });
  assert.deepEqual(read('memory', 'memory.limit_in_bytes'), { memoryLimitBytes: Number.NaN });
  assert.deepEqual(read('memory', 'memory.oom_control'), { oomKills: 0 });
});

test('reads and writes of all devices are added up', () => {
  const [bytes] = v1Files.blkio;
  const into = new Float64Array(2);
  bytes?.parse(
    Buffer.from('8:0 Read 10\n8:0 Write 20\n8:0 Sync 3\n8:16 Read 5\n8:16 Write 1\nTotal 36\n'),
    into,
  );
  assert.deepEqual([...into], [15, 21]);
});
