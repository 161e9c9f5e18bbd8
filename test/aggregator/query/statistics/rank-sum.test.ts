import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { leastRankSumP, rankSumP, shiftRank } from '../../../../aggregator/query/statistics/rank-sum.ts';
import { doubledRanks } from '../../../../aggregator/query/statistics/ranks.ts';

const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

/** Every way to give `n` of the values to the first sample, by brute force. */
function countedP(a: readonly number[], b: readonly number[]): number {
  const ranks = doubledRanks([...a, ...b]);
  const mean = a.length * (ranks.length + 1);
  const sumOf = (mask: number): number =>
    ranks.reduce((sum, rank, i) => ((mask >> i) & 1 ? sum + rank : sum), 0);
  const distance = Math.abs(sumOf(2 ** a.length - 1) - mean);
  let [ways, extreme] = [0, 0];
  for (let mask = 0; mask < 2 ** ranks.length; mask++) {
    if (mask.toString(2).replaceAll('0', '').length !== a.length) continue;
    ways += 1;
    if (Math.abs(sumOf(mask) - mean) >= distance) extreme += 1;
  }
  return extreme / ways;
}

test('p of samples without ties is what scipy.stats.mannwhitneyu (exact) gives', () => {
  close(rankSumP([1, 2, 3], [4, 5, 6]), 0.1);
  close(rankSumP([1.1, 2.2, 3.3, 4.4], [2.5, 3.6, 4.7, 5.8, 6.9]), 0.1111111111111111);
  // Hollander and Wolfe 1999, example 4.1; also that of R's wilcox.test.
  const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  close(rankSumP(term, [1.15, 0.88, 0.9, 0.74, 1.21]), 0.2544122544122544);
});

test('p of samples with ties is what counting every assignment gives', () => {
  for (const [a, b] of [
    [
      [1, 1, 2],
      [2, 3, 3, 4],
    ],
    [
      [5, 5, 5, 5],
      [5, 5, 6],
    ],
    [
      [1, 2, 2, 3, 9],
      [2, 4, 4, 9, 9, 9],
    ],
  ] as const) {
    close(rankSumP(a, b), countedP(a, b));
  }
});

test('equal samples have p 1, and which sample comes first makes no difference', () => {
  close(rankSumP([7, 7, 7], [7, 7]), 1);
  close(rankSumP([1, 4, 4], [2, 8, 9, 9]), rankSumP([2, 8, 9, 9], [1, 4, 4]));
});

test('large samples have the normal p of scipy, corrected for ties and continuity', () => {
  const a = Array.from({ length: 30 }, (_, i) => (i * 37) % 101);
  const b = Array.from({ length: 30 }, (_, i) => ((i * 53) % 97) + 12);
  close(rankSumP(a, b), 0.32184167427270227);
  const [same, other] = [new Array<number>(40).fill(1), new Array<number>(40).fill(1)];
  close(rankSumP(same, other), 1);
});

test('the least p is that of samples that do not overlap', () => {
  close(leastRankSumP(3, 3), 0.1);
  close(leastRankSumP(4, 4), 2 / 70);
  close(leastRankSumP(1, 10), 2 / 11);
  close(leastRankSumP(5, 6), rankSumP([1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]));
});

test('the rank of a shift interval is the critical value of the published tables', () => {
  // Hollander and Wolfe 1999, table A.6: P(U <= 2) = 0.016 and P(U <= 3) = 0.028 for 5 and 5.
  assert.equal(shiftRank(5, 5, 0.95), 3);
  assert.equal(shiftRank(10, 10, 0.95), 24);
  assert.equal(shiftRank(3, 3, 0.95), 0);
  assert.equal(shiftRank(4, 4, 0.95), 1);
});

test('seventy samples have the p that scipy gave them', () => {
  const path = new URL('../../../fixtures/rank-sum-scipy.json', import.meta.url);
  const { cases }: { cases: { a: number[]; b: number[]; p: number }[] } = JSON.parse(
    readFileSync(path, 'utf8'),
  );
  assert.equal(cases.length, 70);
  for (const { a, b, p } of cases) close(rankSumP(a, b), p);
});
