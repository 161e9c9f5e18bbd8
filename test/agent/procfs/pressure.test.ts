import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parsePressure, parsePressureAverages } from '../../../agent/procfs/pressure.ts';

function pressure(text: string | Buffer): number[] {
  const into = new Float64Array(2);
  parsePressure(Buffer.from(text), into);
  return [...into];
}

test('the totals of a captured file are read', () => {
  assert.deepEqual(
    pressure(readFileSync('test/fixtures/cgroup-v2-throttled/cpu.pressure')),
    [9_618_072, 9_618_072],
  );
});

test('a kernel without the full line for the CPU leaves it absent', () => {
  assert.deepEqual(pressure('some avg10=0.00 avg60=0.00 avg300=0.00 total=5\n'), [5, Number.NaN]);
});

test('the shares of the last ten seconds are read in percent', () => {
  const into = new Float64Array(2);
  parsePressureAverages(Buffer.from('some avg10=55.07 avg60=1.00 avg300=0.00 total=5\n'), into);
  assert.deepEqual([...into], [55.07, Number.NaN]);
});
