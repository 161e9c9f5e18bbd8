import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phasesOf } from '../../../aggregator/query/phases.ts';
import { seededRandom } from '../../../aggregator/query/statistics/seeded-random.ts';
import type { ColumnName } from '../../../protocol/metrics.ts';
import { series } from '../fake-store.ts';

const MiB = 2 ** 20;
const run = { wallMs: 120_000, intervalMs: 100 };
const all = new Set(['0.0', '0.1']);

/** Samples every 100 ms; a counter's are the sum of what `at` says of each second. */
function samples(column: ColumnName, at: (second: number) => number, isCounter: boolean, index = 0) {
  let total = 0;
  return series(
    column,
    Array.from({ length: 1201 }, (_, i) => {
      total += i === 0 ? 0 : at(i / 10) / 10;
      return [i * 100, Math.round(isCounter ? total : at(i / 10))] as const;
    }),
    { index },
  );
}

test('a run that loads, computes and writes has three phases', () => {
  const random = seededRandom(1);
  const cpu = samples('utimeTicks', (s) => (s < 30 ? 20 : s < 90 ? 380 : 60) + 20 * random(), true);
  const rss = samples('rssBytes', (s) => (s < 30 ? 50 : 400) * MiB + random() * MiB, false);
  const written = samples('writeBytes', (s) => (s < 90 ? 0 : 30 * MiB), true);
  const phases = phasesOf(run, all, [cpu, rss, written]);
  assert.deepEqual(
    phases.map(({ fromMs, toMs }) => [Math.round(fromMs / 1000), Math.round(toMs / 1000)]),
    [
      [0, 30],
      [30, 90],
      [90, 120],
    ],
  );
  assert.deepEqual(
    phases.map(({ cores }) => cores.toFixed(1)),
    ['0.3', '3.9', '0.7'],
  );
  assert.ok(Math.abs((phases[1]?.rssBytes ?? 0) / MiB - 400) < 5);
  assert.ok(Math.abs((phases[2]?.writeBytesPerSecond ?? 0) / MiB - 30) < 1);
});

test('a run that behaves alike from start to end is one phase, whatever its noise', () => {
  const random = seededRandom(2);
  const cpu = samples('utimeTicks', () => 100 + 80 * random(), true);
  assert.equal(phasesOf(run, all, [cpu, samples('rssBytes', () => 90 * MiB, false)]).length, 1);
});

test('a level holds from one sample to the next, however far apart they are', () => {
  const asleep = series('rssBytes', [
    [0, 100 * MiB],
    [119_900, 100 * MiB],
  ]);
  const phases = phasesOf(run, all, [asleep]);
  assert.deepEqual(
    phases.map(({ rssBytes }) => rssBytes),
    [100 * MiB],
  );
});

test('processes add up, and those that are not of the run do not count', () => {
  const busy = (index: number) => samples('utimeTicks', () => 100, true, index);
  const [phase] = phasesOf(run, all, [busy(0), busy(1), busy(2)]);
  assert.equal(phase?.cores.toFixed(2), '2.00');
});

test('a memory that rises all the time is cut into 12 phases at most', () => {
  assert.ok(phasesOf(run, all, [samples('rssBytes', (s) => s * 30 * MiB, false)]).length <= 12);
});

test('a short run has no phases', () => {
  assert.deepEqual(phasesOf({ wallMs: 2000, intervalMs: 100 }, all, []), []);
});
