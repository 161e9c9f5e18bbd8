import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultsOf } from '../../../../aggregator/page/views/compare-results.ts';
import type { Attribution, MeasureDelta } from '../../../../protocol/comparison.ts';

function measure(
  name: string,
  label: string,
  ratio: number,
  verdict: MeasureDelta['verdict'] = ratio > 1 ? 'more' : 'less',
): MeasureDelta {
  return {
    measure: name,
    label,
    unit: 's',
    better: 'lower',
    verdict,
    family: 'headline',
    a: 10,
    b: 10 * ratio,
    delta: 10 * ratio - 10,
    ratio,
  };
}

const attribution = (name: string, sentence: string): Attribution => ({
  measure: name,
  delta: 1,
  sentence,
  causes: [],
});

test('wall time comes first, then what got worse and by more, each with its causes; doubts stand apart', () => {
  const results = resultsOf({
    measures: [
      measure('wallSeconds', 'wall time', 1.1),
      measure('cpuSeconds', 'CPU time', 0.2),
      measure('readBytes', 'read', 1.2),
      measure('writeBytes', 'written', 3),
      measure('peakRssBytes', 'peak memory', 1.01, 'negligible'),
    ],
    conclusions: [
      'Read rose by 20 %.',
      'Written rose to 3 times.',
      'Wall time rose by 10 %.',
      'CPU time fell by 80 %.',
      'Other measures beyond chance: faults (+5 %).',
      'Changed by less than 3 % or not at all: peak memory.',
    ],
    attributions: [
      attribution('writeBytes', 'written +20 MiB: `sort` wrote 20 MiB more.'),
      attribution('wallSeconds', 'wall time +1 s (+10 %): `dd` took 1 s longer.'),
    ],
    phases: { pairs: [], sentence: 'Phase 2 of 3 took 1 s longer.' },
  });
  assert.deepEqual(results.changes, [
    {
      sentence: 'Wall time rose by 10 %.',
      causes: ['`dd` took 1 s longer.', 'Phase 2 of 3 took 1 s longer.'],
    },
    { sentence: 'Written rose to 3 times.', causes: ['`sort` wrote 20 MiB more.'] },
    { sentence: 'Read rose by 20 %.', causes: [] },
    { sentence: 'CPU time fell by 80 %.', causes: [] },
    { sentence: 'Other measures beyond chance: faults (+5 %).', causes: [] },
  ]);
  assert.deepEqual(results.doubts, ['Changed by less than 3 % or not at all: peak memory.']);
});

test('of one run a side, what explains a difference is a result, and the doubt is said', () => {
  const doubt = 'One run a side cannot show whether a difference is more than noise.';
  const results = resultsOf({
    measures: [measure('wallSeconds', 'wall time', 2, 'unknown')],
    conclusions: [doubt],
    attributions: [attribution('wallSeconds', 'wall time +10 s (×2): `dd` took 10 s longer.')],
    phases: { pairs: [], sentence: 'Phase 1 of 1 took 10 s longer.' },
  });
  assert.deepEqual(results, {
    changes: [
      {
        sentence: 'Wall time +10 s (×2): `dd` took 10 s longer.',
        causes: ['Phase 1 of 1 took 10 s longer.'],
      },
    ],
    doubts: [doubt],
  });
});

test('nothing that the API says is lost', () => {
  const results = resultsOf({
    measures: [],
    conclusions: ['Something new.'],
    attributions: [],
    phases: { pairs: [], sentence: 'Phase 1 changed.' },
  });
  assert.deepEqual(results, {
    changes: [{ sentence: 'Phase 1 changed.', causes: [] }],
    doubts: ['Something new.'],
  });
});
