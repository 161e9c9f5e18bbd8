import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPhases } from '../../../../aggregator/query/attribution/in-phases.ts';
import type { Attribution, PhasePair } from '../../../../protocol/comparison.ts';
import type { Phase } from '../../../../protocol/findings.ts';
import { FakeStore, processEntry, run, series } from '../../fake-store.ts';

const phase = (from: number, to: number): Phase => ({
  fromMs: from * 1000,
  toMs: to * 1000,
  cores: 1,
  rssBytes: 0,
  readBytesPerSecond: 0,
  writeBytesPerSecond: 0,
});
/** A run of 30 s and one of 50 s, in three phases each. */
const pairs: PhasePair[] = [
  { a: phase(0, 10), b: phase(0, 10) },
  { a: phase(10, 20), b: phase(10, 40) },
  { a: phase(20, 30), b: phase(40, 50) },
];
const runs = { a: run(1), b: run(2) };

/** The process is 0.0 in both; its CPU time in ticks at each second given. */
function storeOf(ticks: { a: readonly [number, number][]; b: readonly [number, number][] }): FakeStore {
  const store = new FakeStore();
  for (const side of ['a', 'b'] as const) {
    const samples = ticks[side].map(([second, value]) => [second * 1000, value] as const);
    const endMs = (samples.at(-1) ?? [0])[0];
    store.put(runs[side], { processes: [processEntry({ endMs })] }, [series('utimeTicks', samples)]);
  }
  return store;
}

const attribution = (measure: string): Attribution => ({
  measure,
  delta: 20,
  sentence: 'it changed.',
  causes: [
    {
      comm: 'train',
      count: { a: 1, b: 1 },
      delta: 20,
      use: {},
      processes: { a: ['0.0'], b: ['0.0'] },
    },
  ],
});
const said = (store: FakeStore, measure: string, of = pairs) =>
  withPhases(store, [attribution(measure)], runs, of)[0];

test('the phase in which a process lived longer is named, with when it was', () => {
  const found = said(storeOf({ a: [[30, 0]], b: [[50, 0]] }), 'wallSeconds');
  assert.equal(found?.sentence, 'it changed; most of it in phase 2 of 3 (from 10.0 s to 40.0 s).');
  assert.equal(found?.causes[0]?.phase, 2);
});

test('CPU time is looked for where it was used, between the samples too', () => {
  const store = storeOf({
    a: [
      [15, 0],
      [30, 1500],
    ],
    b: [
      [38, 0],
      [48, 5000],
      [50, 5000],
    ],
  });
  assert.match(said(store, 'cpuSeconds')?.sentence ?? '', /phase 3 of 3 \(from 40\.0 s to 50\.0 s\)/);
});

test('a phase that the second run has not is said to be gone', () => {
  const gone = [pairs[0], { a: phase(10, 30) }, { b: phase(10, 12) }] as PhasePair[];
  const store = storeOf({ a: [[30, 0]], b: [[12, 0]] });
  assert.equal(
    said(store, 'wallSeconds', gone)?.sentence,
    'it changed; most of it in phase 2 of 3, which is gone.',
  );
});

test('no phase is named where none holds most of it, for a level, and where there is one phase', () => {
  const even = storeOf({ a: [[30, 0]], b: [[50, 5000]] });
  const spread: PhasePair[] = [0, 10, 20, 30, 40].map((from) => ({
    a: phase(0, 1),
    b: phase(from, from + 10),
  }));
  assert.equal(said(even, 'cpuSeconds', spread)?.sentence, 'it changed.');
  assert.equal(said(even, 'peakRssBytes')?.sentence, 'it changed.');
  assert.equal(said(even, 'wallSeconds', pairs.slice(1, 2))?.sentence, 'it changed.');
});
