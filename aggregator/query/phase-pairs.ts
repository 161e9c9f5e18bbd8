/**
 * Two runs phase by phase: which phase of the one is which of the other, whatever their lengths. How: docs/comparing.md.
 */
import type { PhasePair } from '../../protocol/comparison.ts';
import type { Phase } from '../../protocol/findings.ts';

/** What a phase is known by, with the smallest level at which two are told apart. */
const LEAST_SCALE = {
  cores: 0.2,
  rssBytes: 4 * 2 ** 20,
  readBytesPerSecond: 2 ** 20,
  writeBytesPerSecond: 2 ** 20,
} as const satisfies Partial<Record<keyof Phase, number>>;

type Level = keyof typeof LEAST_SCALE;
const levels = Object.keys(LEAST_SCALE) as Level[];

/** Phases that differ by less than this share of the largest level behave alike. */
const ALIKE = 0.35;

/** What it costs to leave a phase without a partner, for its share of the run: half as much as a partner that shares nothing with it. */
const ALONE = 0.5;

/** In the order of time; a phase without a partner stands alone. Both runs need one phase or more. */
export function pairPhases(a: readonly Phase[], b: readonly Phase[]): PhasePair[] {
  const distance = distanceOf([...a, ...b]);
  const [sharesA, sharesB] = [a, b].map(shares) as [number[], number[]];
  const path = cheapestPath(a.length, b.length, {
    both: (i, j) => (distance(a[i] as Phase, b[j] as Phase) * (at(sharesA, i) + at(sharesB, j))) / 2,
    onlyA: (i) => ALONE * at(sharesA, i),
    onlyB: (j) => ALONE * at(sharesB, j),
  });
  return path.map(([i, j]) => {
    const [own, other] = [i === undefined ? undefined : a[i], j === undefined ? undefined : b[j]];
    return {
      ...(own && { a: own }),
      ...(other && { b: other }),
      ...(own && other && { alike: distance(own, other) <= ALIKE }),
    };
  });
}

function at(values: readonly number[], place: number): number {
  return values[place] ?? 0;
}

/** Of the whole run. */
function shares(phases: readonly Phase[]): number[] {
  const whole = phases.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return phases.map(({ fromMs, toMs }) => (toMs - fromMs) / whole);
}

/** From 0, alike in all levels, to 1: in one of them the one has all and the other nothing. */
function distanceOf(all: readonly Phase[]): (a: Phase, b: Phase) => number {
  const scales = levels.map((level) => Math.max(LEAST_SCALE[level], ...all.map((phase) => phase[level])));
  return (a, b) =>
    Math.max(...levels.map((level, i) => Math.abs(a[level] - b[level]) / (scales[i] as number)));
}

interface StepCosts {
  readonly both: (i: number, j: number) => number;
  readonly onlyA: (i: number) => number;
  readonly onlyB: (j: number) => number;
}

type Step = readonly [i: number | undefined, j: number | undefined];

/** The cheapest way through both sequences in order: Needleman and Wunsch's alignment. */
function cheapestPath(lengthA: number, lengthB: number, step: StepCosts): Step[] {
  const width = lengthB + 1;
  const total = new Float64Array((lengthA + 1) * width);
  const last: Step[] = [[undefined, undefined]];
  for (let i = 0; i <= lengthA; i += 1) {
    for (let j = 0; j <= lengthB; j += 1) {
      if (i === 0 && j === 0) continue;
      const ways: (readonly [cost: number, step: Step])[] = [];
      const before = (di: number, dj: number) => total[(i - di) * width + j - dj] as number;
      if (i > 0 && j > 0) ways.push([before(1, 1) + step.both(i - 1, j - 1), [i - 1, j - 1]]);
      if (i > 0) ways.push([before(1, 0) + step.onlyA(i - 1), [i - 1, undefined]]);
      if (j > 0) ways.push([before(0, 1) + step.onlyB(j - 1), [undefined, j - 1]]);
      const best = ways.reduce((least, way) => (way[0] < least[0] ? way : least));
      total[i * width + j] = best[0];
      last[i * width + j] = best[1];
    }
  }
  const path: Step[] = [];
  for (let [i, j] = [lengthA, lengthB]; i > 0 || j > 0; ) {
    const found = last[i * width + j] as Step;
    path.unshift(found);
    if (found[0] !== undefined) i -= 1;
    if (found[1] !== undefined) j -= 1;
  }
  return path;
}
