import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recorder } from '../../../agent/recorder.ts';
import { OutputSeries } from '../../../agent/results/output-series.ts';
import type { Batch } from '../../../protocol/batch.ts';

function recorded(use: (series: OutputSeries, at: (ms: number) => void) => void): Batch {
  let nowMs = 0;
  const recorder = new Recorder({ agent: 'a'.repeat(32), run: 'run', epochMs: 0 });
  const series = new OutputSeries(recorder, () => nowMs, 100);
  use(series, (ms) => {
    nowMs = ms;
  });
  series.finish();
  return recorder.drain(new Map());
}

/** Time and value of each row of the figures of a batch. */
function points({ outputs = [], blocks, ticks }: Batch): [name: string, atMs: number, value: number][] {
  return blocks.flatMap(({ index, ticks: rows, values: [values = []] }) => {
    const output = outputs.find((one) => one.index === index);
    return Array.from(rows, (tick, i): [string, number, number] => [
      output?.name ?? '',
      ticks[tick] ?? -1,
      (values[i] ?? 0) / 10 ** (output?.decimals ?? 0),
    ]);
  });
}

test('of each interval the first value is kept, and the last one of all', () => {
  const batch = recorded((series, at) => {
    for (const [ms, value] of [
      [0, 1],
      [10, 2],
      [90, 3],
      [100, 4],
      [110, 5],
      [150, 6],
    ] as const) {
      at(ms);
      series.note('step', value);
    }
    at(160);
  });
  assert.deepEqual(points(batch), [
    ['step', 0, 1],
    ['step', 100, 4],
    ['step', 160, 6],
  ]);
});

test('values have nine significant digits of the first one, small or large', () => {
  const batch = recorded((series) => {
    series.note('small', 1.23456789e-7);
    series.note('large', 123456789012);
    series.note('negative', -0.5);
    series.note('zero', 0);
  });
  assert.deepEqual(points(batch), [
    ['small', 0, 1.23456789e-7],
    ['large', 0, 123456789000],
    ['negative', 0, -0.5],
    ['zero', 0, 0],
  ]);
});

test('a value that is too large for its series goes on in another of the same name', () => {
  const batch = recorded((series, at) => {
    series.note('step', 0.001);
    at(100);
    series.note('step', 2e9);
    at(200);
    series.note('step', 3e9);
  });
  assert.deepEqual(points(batch), [
    ['step', 0, 0.001],
    ['step', 100, 2e9],
    ['step', 200, 3e9],
  ]);
  assert.equal(batch.outputs?.length, 2);
});

test('a figure that leaves every range does not make series without end', () => {
  const batch = recorded((series, at) => {
    for (let i = 0; i < 40; i++) {
      at(i * 100);
      series.note('wild', 10 ** (i * 7));
    }
  });
  assert.equal(batch.outputs?.length, 8);
});
