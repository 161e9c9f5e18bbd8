import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairPhases } from '../../../aggregator/query/phase-pairs.ts';
import type { Phase } from '../../../protocol/findings.ts';
import { phasesInOrder } from './sample-phases.ts';

const MiB = 2 ** 20;
const load = { cores: 0.2, rssBytes: 50 * MiB, readBytesPerSecond: 90 * MiB };
const compute = { cores: 3.9, rssBytes: 400 * MiB };
const write = { cores: 0.3, rssBytes: 400 * MiB, writeBytesPerSecond: 60 * MiB };

/** The places of each pair's phases: `0-0 1- -1`. */
function pairsText(a: readonly Phase[], b: readonly Phase[]): string {
  return pairPhases(a, b)
    .map((pair) => {
      const [i, j] = [pair.a && a.indexOf(pair.a), pair.b && b.indexOf(pair.b)];
      return `${i ?? ''}-${j ?? ''}${pair.alike === false ? '!' : ''}`;
    })
    .join(' ');
}

test('the same phases are paired however long each takes', () => {
  const a = phasesInOrder([30, load], [60, compute], [10, write]);
  const b = phasesInOrder([5, load], [300, { ...compute, cores: 3.7 }], [90, write]);
  assert.equal(pairsText(a, b), '0-0 1-1 2-2');
});

test('a phase that only one run has stands alone, and those around it find each other', () => {
  const a = phasesInOrder([30, load], [60, compute], [10, write]);
  const b = phasesInOrder([30, load], [20, write], [60, compute], [10, write]);
  assert.equal(pairsText(a, b), '0-0 -1 1-2 2-3');
  assert.equal(pairsText(b, a), '0-0 1- 2-1 3-2');
});

test('a phase that changed its level is paired by its place, and said to have changed', () => {
  const a = phasesInOrder([30, load], [60, compute], [10, write]);
  const b = phasesInOrder([30, load], [240, { ...compute, cores: 0.9 }], [10, write]);
  assert.equal(pairsText(a, b), '0-0 1-1! 2-2');
});

test('phases in another order are not forced together', () => {
  const a = phasesInOrder([30, load], [60, compute]);
  const b = phasesInOrder([60, compute], [30, load]);
  assert.equal(pairsText(a, b), '0- 1-0 -1');
});

test('runs of one phase each are one pair', () => {
  assert.equal(pairsText(phasesInOrder([30, compute]), phasesInOrder([60, compute])), '0-0');
});

test('small levels do not tell phases apart', () => {
  const a = phasesInOrder([30, { cores: 0.01, rssBytes: MiB }]);
  const b = phasesInOrder([30, { cores: 0.05, rssBytes: 2 * MiB }]);
  assert.equal(pairsText(a, b), '0-0');
});
