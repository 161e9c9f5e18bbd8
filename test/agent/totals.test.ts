import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MeasureFeed, RunTotals } from '../../agent/totals.ts';
import { measureByName } from '../../protocol/measures.ts';

const UTIME = 1;
const SHORT_LIVED_USER = 3;
const WRITE_BYTES = 16;
const RSS = 8;
const PSS = 27;

function note(feed: MeasureFeed, ...values: number[]): void {
  feed.note(Float64Array.from(values));
}

test('growth of every process is added to the run', () => {
  const totals = new RunTotals(0);
  const a = new MeasureFeed(totals, [UTIME, WRITE_BYTES], true);
  const b = new MeasureFeed(totals, [UTIME, WRITE_BYTES], true);
  note(a, 10, 1000);
  note(b, 5, 0);
  note(a, 14, 3000);
  assert.equal(totals.get('cpuUserSeconds'), 19);
  assert.equal(totals.get('writeBytes'), 3000);
});

test('what a process used before the run began is not the run’s', () => {
  const totals = new RunTotals(0);
  const feed = new MeasureFeed(totals, [UTIME], false);
  note(feed, 500);
  note(feed, 520);
  assert.equal(totals.get('cpuUserSeconds'), 20);
});

test('CPU time of short-lived children counts in both sums', () => {
  const totals = new RunTotals(0);
  note(new MeasureFeed(totals, [SHORT_LIVED_USER], true), 8);
  assert.equal(totals.get('cpuUserSeconds'), 8);
  assert.equal(totals.get('shortLivedCpuSeconds'), 8);
});

test('a measure that was never read is absent, one that was read as zero is zero', () => {
  const totals = new RunTotals(0);
  note(new MeasureFeed(totals, [UTIME, WRITE_BYTES], true), 0, Number.NaN);
  assert.equal(totals.toMap().get(2), 0);
  assert.equal(totals.toMap().has(9), false);
});

test('peak memory is the largest sum over processes at one tick', () => {
  const totals = new RunTotals(0);
  totals.resident(100);
  totals.resident(50);
  totals.endTick(100);
  totals.resident(120);
  totals.endTick(200);
  assert.equal(totals.get('peakRssBytes'), 150);
});

test('a peak of memory is absent where no living process was read, not zero', () => {
  const totals = new RunTotals(0);
  totals.resident(0);
  totals.endTick(5);
  totals.finish(6);

  const peak = measureByName('peakRssBytes')?.id ?? 0;
  assert.equal(totals.toMap().has(peak), false);
  totals.resident(4096);
  totals.endTick(7);
  assert.equal(totals.toMap().get(peak), 4096);
});

test('proportional sets are added up where those of all that live were read at one tick', () => {
  const totals = new RunTotals(0);
  const [a, b] = [new MeasureFeed(totals, [RSS], true), new MeasureFeed(totals, [RSS], true)];
  const [shareOfA, shareOfB] = [new MeasureFeed(totals, [PSS], true), new MeasureFeed(totals, [PSS], true)];
  const peak = measureByName('peakPssBytes')?.id ?? 0;
  note(a, 100);
  note(shareOfA, 100);
  note(b, 100);
  note(shareOfB, Number.NaN);
  totals.endTick(100);
  assert.equal(totals.toMap().has(peak), false);
  note(a, 100);
  note(b, 100);
  note(shareOfB, 60);
  totals.endTick(200);
  assert.equal(totals.toMap().has(peak), false);
  a.repeat();
  note(shareOfA, 50);
  b.repeat();
  note(shareOfB, 60);
  totals.endTick(300);
  assert.equal(totals.toMap().get(peak), 110);
});

test('the end of a run counts for its peak, together with the window before', () => {
  const totals = new RunTotals(0);
  totals.add('cpuUserSeconds', 20);
  totals.endTick(500);
  totals.add('cpuUserSeconds', 45);
  totals.endTick(1000);
  totals.add('cpuUserSeconds', 39);
  totals.finish(1300);

  assert.equal(totals.get('peakCores'), 1050);
});

test('a peak is never below the average, whoever counted the CPU time', () => {
  const totals = new RunTotals(0);
  for (let tick = 1; tick <= 4; tick++) {
    totals.add('cpuUserSeconds', 10);
    totals.endTick(500 * tick);
  }
  totals.cgroupCpu('user', 1_600_000);
  totals.finish(2000);

  assert.equal(totals.get('peakCores'), 800);
});

test('peak cores are judged over half a second, or over the whole of a shorter run', () => {
  const totals = new RunTotals(0);
  totals.add('cpuUserSeconds', 100);
  totals.endTick(500);
  totals.add('cpuUserSeconds', 10);
  totals.endTick(1000);
  assert.equal(totals.get('peakCores'), 2000);

  const short = new RunTotals(0);
  short.add('cpuUserSeconds', 4);
  short.endTick(50);
  short.finish(80);
  assert.equal(short.get('peakCores'), 500);
});
