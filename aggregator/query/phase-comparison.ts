/** Two runs phase by phase, and in one sentence which phase the change in wall time lies in. */
import type { PhaseComparison, PhasePair } from '../../protocol/comparison.ts';
import type { Phase } from '../../protocol/findings.ts';
import { pairPhases } from './phase-pairs.ts';
import { bytes, cores, duration, signed } from './wording.ts';

/** A phase that makes up less of the change is not named. */
const EXPLAINS = 0.5;
/** A level that is this many times another is another. */
const OTHER_LEVEL = 1.5;

/**
 * Undefined where the phases of a run are not known. `effect`: the smallest change in wall time worth naming, as a
 * share.
 */
export function comparePhases(
  a: readonly Phase[],
  b: readonly Phase[],
  effect: number,
): PhaseComparison | undefined {
  if (a.length === 0 || b.length === 0) return undefined;
  const pairs = pairPhases(a, b);
  const sentence = pairs.length > 1 ? sentenceOf(pairs, effect) : undefined;
  return { pairs, ...(sentence !== undefined && { sentence }) };
}

function sentenceOf(pairs: readonly PhasePair[], effect: number): string | undefined {
  const before = pairs.reduce((sum, { a }) => sum + secondsOf(a), 0);
  const change = pairs.reduce((sum, { b }) => sum + secondsOf(b), 0) - before;
  if (Math.abs(change) < effect * before) return undefined;
  const longest = [...pairs.entries()]
    .map(([place, pair]) => ({ place, pair, share: (secondsOf(pair.b) - secondsOf(pair.a)) / change }))
    .reduce((most, one) => (one.share > most.share ? one : most));
  if (longest.share < EXPLAINS) return undefined;
  const { place, pair } = longest;
  return `Phase ${place + 1} of ${pairs.length} ${happened(pair)}${levelChange(pair, pairs)}.`;
}

function happened({ a, b }: PhasePair): string {
  const [before, after] = [secondsOf(a), secondsOf(b)];
  if (a === undefined) return `is new: ${duration(after)} at ${levelText(b)}`;
  if (b === undefined) return `is gone: it took ${duration(before)} at ${levelText(a)}`;
  const difference = after - before;
  const words = difference > 0 ? 'longer' : 'less long';
  return `took ${signed(Math.abs(difference), duration).slice(1)} ${words} (${duration(before)} -> ${duration(after)})`;
}

function levelText(phase: Phase | undefined): string {
  return phase === undefined ? '' : `${cores(phase.cores)} cores and ${bytes(phase.rssBytes)}`;
}

const rate = (value: number): string => `${bytes(value)}/s`;

const LEVELS = [
  { name: 'cores', least: 0.1, doing: 'on', format: (value: number) => `${cores(value)} cores` },
  { name: 'readBytesPerSecond', least: 2 ** 20, doing: 'reading', format: rate },
  { name: 'writeBytesPerSecond', least: 2 ** 20, doing: 'writing', format: rate },
] as const;

/**
 * `, on 0.97 cores in place of 3.90 cores`: of the level that changed most, as a share of the largest in either run; empty
 * where it went on as before.
 */
function levelChange({ a, b }: PhasePair, pairs: readonly PhasePair[]): string {
  if (a === undefined || b === undefined) return '';
  const changes = LEVELS.map((level) => {
    const { name, least } = level;
    const [low, high] = [Math.min(a[name], b[name]), Math.max(a[name], b[name])];
    const largest = Math.max(...pairs.flatMap((pair) => [pair.a?.[name] ?? 0, pair.b?.[name] ?? 0]));
    const isOther = high >= least && high > OTHER_LEVEL * low;
    return { level, share: isOther ? (high - low) / largest : 0 };
  });
  const { level, share } = changes.reduce((most, one) => (one.share > most.share ? one : most));
  if (share === 0) return '';
  const { name, doing, format } = level;
  return `, ${doing} ${format(b[name])} in place of ${format(a[name])}`;
}

function secondsOf(phase: Phase | undefined): number {
  return phase === undefined ? 0 : (phase.toMs - phase.fromMs) / 1000;
}
