import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MeasureFeed, RunTotals } from '../../agent/totals.ts';

const UTIME = 1;
const SHORT_LIVED_USER = 3;
const WRITE_BYTES = 16;

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
