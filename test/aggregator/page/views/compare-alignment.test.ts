import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alignedByPhase,
  alignedByStart,
  laidOnAxis,
  momentAt,
  spanOf,
} from '../../../../aggregator/page/views/compare-alignment.ts';
import { phasesInOrder } from '../../query/sample-phases.ts';

test('by start, both runs have their own time, each to its own end', () => {
  const alignment = alignedByStart(1000, 3000);
  assert.equal(alignment.lengthMs, 3000);
  assert.deepEqual([momentAt(alignment, 'a', 999), momentAt(alignment, 'a', 1000)], [999, undefined]);
  assert.equal(momentAt(alignment, 'b', 2500), 2500);
});

/** a: 10 s and 20 s; b: 10 s, 5 s of its own, 40 s. */
const [a1, a2] = phasesInOrder([10, {}], [20, {}]);
const [b1, b2, b3] = phasesInOrder([10, {}], [5, {}], [40, {}]);
assert.ok(a1 && a2 && b1 && b2 && b3);
const byPhase = alignedByPhase([{ a: a1, b: b1 }, { b: b2 }, { a: a2, b: b3 }]);

test('by phase, each phase begins at the same place, and a run is away in the phases that it lacks', () => {
  assert.equal(byPhase.lengthMs, 55_000);
  assert.deepEqual([momentAt(byPhase, 'a', 12_000), momentAt(byPhase, 'b', 12_000)], [undefined, 12_000]);
  assert.deepEqual([momentAt(byPhase, 'a', 16_000), momentAt(byPhase, 'b', 16_000)], [11_000, 16_000]);
  assert.equal(momentAt(byPhase, 'a', 36_000), undefined, 'its last phase is over');
});

test('what is shown of a run is the stretch that has to be read', () => {
  assert.deepEqual(spanOf(byPhase, 'a', { fromMs: 5000, toMs: 20_000 }), { fromMs: 5000, toMs: 15_000 });
  assert.equal(spanOf(byPhase, 'a', { fromMs: 11_000, toMs: 14_000 }), undefined);
});

test('values are laid onto the axis, and nothing is invented between', () => {
  const values = [1, 2, 3];
  const span = { fromMs: 0, toMs: 30_000 };
  assert.deepEqual(laidOnAxis(byPhase, 'a', [1000, 11_000, 16_000, 26_000, 50_000], { values, span }), [
    1,
    null,
    2,
    3,
    null,
  ]);
});
