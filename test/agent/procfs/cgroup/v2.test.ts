import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { v2Files } from '../../../../agent/procfs/cgroup/v2.ts';

function read(name: string): Record<string, number> {
  const file = v2Files.find((one) => one.name === name);
  assert.ok(file);
  const into = new Float64Array(file.columns.length);
  file.parse(readFileSync(`test/fixtures/cgroup-v2-throttled/${name}`), into);
  return Object.fromEntries(file.columns.map((column, i) => [column, into[i] ?? -1]));
}

test('use and throttling of the CPU are read', () => {
  assert.deepEqual(read('cpu.stat'), {
    cpuUsageUs: 2_420_624,
    cpuUserUs: 2_420_624,
    cpuSystemUs: 0,
    cpuPeriods: 120,
    throttledPeriods: 120,
    throttledUs: 9_527_591,
  });
  assert.deepEqual(read('cpu.max'), { cpuLimitMillicores: 200 });
});

test('memory, its limit and its events are read', () => {
  assert.deepEqual(read('memory.max'), { memoryLimitBytes: 33_554_432 });
  assert.deepEqual(read('memory.stat'), {
    memoryAnonBytes: 4096,
    memoryFileBytes: 0,
    containerMinorFaults: 2,
    containerMajorFaults: 0,
  });
  assert.deepEqual(read('memory.events'), { memoryLimitHits: 0, oomEvents: 0, oomKills: 0 });
});

test('no limit is absent', () => {
  const limit = v2Files.find((one) => one.name === 'memory.max');
  const cpu = v2Files.find((one) => one.name === 'cpu.max');
  const into = new Float64Array(1);
  limit?.parse(Buffer.from('max\n'), into);
  assert.equal(into[0], Number.NaN);
  cpu?.parse(Buffer.from('max 100000\n'), into);
  assert.equal(into[0], Number.NaN);
});

test('the IO of all devices is added up', () => {
  const io = v2Files.find((one) => one.name === 'io.stat');
  const into = new Float64Array(4);
  io?.parse(
    Buffer.from(
      '8:0 rbytes=10 wbytes=20 rios=1 wios=2 dbytes=0 dios=0\n8:16 rbytes=5 wbytes=0 rios=1 wios=0\n',
    ),
    into,
  );
  assert.deepEqual([...into], [15, 20, 2, 2]);
});
