import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparePhases } from '../../../aggregator/query/phase-comparison.ts';
import type { Phase } from '../../../protocol/findings.ts';
import { phasesInOrder } from './sample-phases.ts';

const MiB = 2 ** 20;
const load = { cores: 0.2, rssBytes: 50 * MiB, readBytesPerSecond: 90 * MiB };
const compute = { cores: 3.9, rssBytes: 400 * MiB };
const before = phasesInOrder([30, load], [60, compute], [10, load]);

function sentence(after: Phase[], effect = 0.03): string | undefined {
  return comparePhases(before, after, effect)?.sentence;
}

test('the phase in which most of the change lies is named, with the level that changed', () => {
  assert.equal(
    sentence(phasesInOrder([30, load], [240, { ...compute, cores: 0.97 }], [12, load])),
    'Phase 2 of 3 took 3 min 00 s longer (1 min 00 s -> 4 min 00 s), on 0.97 cores in place of 3.90 cores.',
  );
  assert.equal(
    sentence(phasesInOrder([20, load], [60, compute], [10, load])),
    'Phase 1 of 3 took 10.0 s less long (30.0 s -> 20.0 s).',
  );
});

test('of several levels the one that changed most is told', () => {
  const wrote = phasesInOrder([10, load], [5, { cores: 0.3, writeBytesPerSecond: 600 * MiB }]);
  const throttled = phasesInOrder([10, load], [50, { cores: 0.05, writeBytesPerSecond: 60 * MiB }]);
  assert.equal(
    comparePhases(wrote, throttled, 0.03)?.sentence,
    'Phase 2 of 2 took 45.0 s longer (5.00 s -> 50.0 s), writing 60.0 MiB/s in place of 600 MiB/s.',
  );
});

test('a phase that is new or gone is told with its level', () => {
  assert.equal(
    sentence(phasesInOrder([30, load], [60, compute], [20, { cores: 0.9 }], [10, load])),
    'Phase 3 of 4 is new: 20.0 s at 0.9 cores and 0 B.',
  );
  assert.equal(
    sentence(phasesInOrder([30, load], [60, compute])),
    'Phase 3 of 3 is gone: it took 10.0 s at 0.2 cores and 50.0 MiB.',
  );
});

test('nothing is named where the whole changed too little, or every phase alike', () => {
  assert.equal(sentence(phasesInOrder([30, load], [61, compute], [10, load])), undefined);
  assert.equal(
    sentence(phasesInOrder([50, load], [75, compute], [15, load])),
    'Phase 1 of 3 took 20.0 s longer (30.0 s -> 50.0 s).',
  );
  assert.equal(sentence(phasesInOrder([45, load], [75, compute], [15, load])), undefined);
});

test('a run whose phases are not known is not compared by them, and one phase needs no sentence', () => {
  assert.equal(comparePhases(before, [], 0.03), undefined);
  const whole = phasesInOrder([30, compute]);
  assert.deepEqual(comparePhases(whole, phasesInOrder([60, compute]), 0.03)?.sentence, undefined);
});
