/** Runs that scatter as real ones do, and the published table that their comparisons are held against. */
import { seededRandom } from '../../../aggregator/query/statistics/seeded-random.ts';
import type { CompareSettings } from '../../../protocol/comparison.ts';
import type { MeasureValues } from '../../../protocol/measures.ts';

/** Every difference is worth naming; few resamples, as no interval is looked at. */
export const plainSettings: CompareSettings = {
  alpha: 0.05,
  effect: 0,
  confidence: 0.95,
  resamples: 10,
  seed: 1,
  leaveOut: [],
};

/** Standard normal numbers (Box and Muller). */
export function normals(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export type Noise = (next: () => number) => number;
export const gaussian: Noise = (next) => 1 + 0.05 * next();
export const skewed: Noise = (next) => Math.exp(0.15 * next());

/** A run whose measures scatter, in part together as those of real runs do. */
export function noisyRun(next: () => number, noise: Noise): MeasureValues {
  const common = noise(next);
  const level = (at: number): number => at * Math.sqrt(common * noise(next));
  return {
    wallSeconds: level(60),
    cpuUserSeconds: level(100),
    cpuSystemSeconds: level(9),
    peakRssBytes: Math.round(level(2 ** 30)),
    readBytes: Math.round(level(2 ** 28)),
    writeBytes: Math.round(level(2 ** 27)),
    voluntarySwitches: Math.round(level(50_000)),
    minorFaults: Math.round(level(200_000)),
    runDelaySeconds: level(3),
  };
}

export const many = <T>(n: number, make: () => T): T[] => Array.from({ length: n }, make);

/**
 * Largest U at which the two-sided test at 0.05 rejects (Mann and Whitney 1947; table A5.07 of Milton 1964): what benchstat
 * decides by, for it tests one measure with the exact test.
 */
export const CRITICAL_U = { 4: 0, 5: 2, 6: 5, 8: 13, 10: 23 } as const;
