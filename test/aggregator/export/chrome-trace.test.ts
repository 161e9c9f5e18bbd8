import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportChromeTrace } from '../../../aggregator/export/chrome-trace.ts';
import { EVIL_NAME, sampleExport } from './sample-run.ts';

interface Event {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly ts: number;
  readonly dur: number;
  readonly args: Record<string, unknown>;
}

function eventsOf(): Event[] {
  return JSON.parse([...exportChromeTrace(sampleExport())].join('')).traceEvents;
}

test('each process is a track of its own with one slice from its start to its end', () => {
  const events = eventsOf();
  const slices = events.filter(({ ph }) => ph === 'X');
  assert.deepEqual(
    slices.map(({ name, ts, dur }) => ({ name, ts, dur })),
    [
      { name: 'sh', ts: 0, dur: 3_000_000 },
      { name: EVIL_NAME, ts: 1_000_000, dur: 1_500_000 },
      { name: 'again', ts: 2_000_000, dur: 1_000_000 },
    ],
  );
  assert.equal(new Set(slices.map(({ pid }) => pid)).size, 3, 'a pid that was used twice is two tracks');
  assert.equal(slices[1]?.pid, 101);
  assert.equal(slices[1]?.args.exitCode, 3);
  const names = events.filter(({ name }) => name === 'process_name');
  assert.deepEqual(names[0]?.args, { name: 'sh 100 main' });
});

test('counters are rates over the time in which they held, and fall to zero at the end', () => {
  const { pid } = eventsOf().find(({ ph, name }) => ph === 'X' && name === 'sh') ?? assert.fail();
  const own = eventsOf().filter((event) => event.ph === 'C' && event.pid === pid);
  const points = (name: string) =>
    own.filter((event) => event.name === name).map(({ ts, args }) => [ts / 1e6, ...Object.values(args)]);
  assert.deepEqual(points('CPU'), [
    [0, 0.6],
    [1, 1],
    [3, 0],
  ]);
  assert.deepEqual(points('RSS'), [
    [1, 4096],
    [2, 8192],
    [3, 0],
  ]);
});

test('events of the run are instants', () => {
  const [gap] = eventsOf().filter(({ ph }) => ph === 'i');
  assert.deepEqual([gap?.name, gap?.ts, gap?.args], ['gap', 400_000, { message: '3 ticks were missed' }]);
});
