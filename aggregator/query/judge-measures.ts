/** Whether the measures of two sides differ by more than chance, and by how much. The method: docs/comparing.md. */
import type { CompareSettings, MeasureDelta, Verdict } from '../../protocol/comparison.ts';
import { type ComparedMeasure, comparedMeasures, type JudgedValues } from './compared-measures.ts';
import { bootstrapDifference } from './statistics/bootstrap.ts';
import { benjaminiHochberg, holm } from './statistics/corrections.ts';
import { FEWEST_EARLIER, predictionP } from './statistics/prediction.ts';
import { median, sortedQuantile, spread } from './statistics/quantile.ts';
import { leastRankSumP, rankSumP } from './statistics/rank-sum.ts';
import { type Shift, shiftBetween } from './statistics/shift.ts';

/** A measure, its values on both sides, and the p of its test where there is one. */
interface Tested {
  readonly measure: ComparedMeasure;
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly method: 'rank-sum' | 'prediction' | undefined;
  readonly p: number | undefined;
  /** The least p that sides of these sizes can have. */
  readonly leastP: number;
}

/** The part of the false alarms allowed in a whole comparison that the headline measures have; the others have the rest. */
const HEADLINE_SHARE = 0.8;

export function judgeMeasures(
  a: readonly JudgedValues[],
  b: readonly JudgedValues[],
  settings: CompareSettings,
  measures: readonly ComparedMeasure[] = comparedMeasures,
): MeasureDelta[] {
  const tested = measures
    .filter(({ name }) => settings.measures?.includes(name) ?? true)
    .map((measure) => testOf(measure, a, b, settings))
    .filter((one) => one.a.length > 0 || one.b.length > 0);
  const families = familiesOf(tested, settings.alpha);
  return tested.map((one) => deltaOf(one, families.get(one), settings));
}

function testOf(
  measure: ComparedMeasure,
  runsA: readonly JudgedValues[],
  runsB: readonly JudgedValues[],
  settings: CompareSettings,
): Tested {
  const [a, b] = [runsA, runsB].map((runs) => runs.map(measure.read).filter((value) => value !== undefined));
  const sides = { measure, a: a ?? [], b: b ?? [] };
  const method =
    measure.family === 'none' || !canMatter(sides, settings.effect)
      ? undefined
      : methodFor(sides.a.length, sides.b.length);
  switch (method) {
    case 'prediction': {
      const [earlier, [single]] = sides.b.length === 1 ? [sides.a, sides.b] : [sides.b, sides.a];
      return { ...sides, method, p: predictionP(earlier, single ?? 0), leastP: 0 };
    }
    case 'rank-sum': {
      const leastP = leastRankSumP(sides.a.length, sides.b.length);
      return { ...sides, method, p: rankSumP(sides.a, sides.b), leastP };
    }
    case undefined:
      return { ...sides, method, p: undefined, leastP: 1 };
  }
}

function methodFor(n: number, m: number): Tested['method'] {
  if (n === 0 || m === 0 || (n === 1 && m === 1)) return undefined;
  return Math.min(n, m) === 1 && Math.max(n, m) >= FEWEST_EARLIER ? 'prediction' : 'rank-sum';
}

/**
 * Whether the values of both sides together scatter by enough for any split of them to be worth naming. It does not
 * look at which value is of which side, so that measures which fail it may be left out of the correction.
 */
function canMatter({ measure, a, b }: Pick<Tested, 'measure' | 'a' | 'b'>, effect: number): boolean {
  const all = [...a, ...b];
  const least = Math.min(...all);
  const range = Math.max(...all) - least;
  return range > 0 && range >= measure.leastDifference && range >= effect * Math.abs(least);
}

interface Judged {
  readonly adjustedP: number;
  /** What an interval must have, to leave out zero exactly where the corrected p is small enough. */
  readonly confidence: number;
  /** No split of the runs could have passed the correction. */
  readonly isHopeless: boolean;
}

/** Each tested measure with what the correction for its family makes of it. */
function familiesOf(all: readonly Tested[], alpha: number): Map<Tested, Judged> {
  const tested = all.filter(({ p }) => p !== undefined);
  const headline = tested.filter(({ measure }) => measure.family === 'headline');
  const other = tested.filter(({ measure }) => measure.family === 'other');
  const headlinePs = holm(psOf(headline)).map((p) => p / headlineShare(other.length > 0));
  const isNamed = headlinePs.some((p) => p <= alpha);
  const otherShare = shareOfOthers(headline.length > 0, isNamed);
  const otherPs = benjaminiHochberg(psOf(other)).map((p) => p / otherShare);
  const judged = (one: Tested, adjusted: number, least: number): readonly [Tested, Judged] => [
    one,
    {
      adjustedP: Math.min(1, adjusted),
      confidence: adjusted === 0 ? 1 - alpha : 1 - (alpha * (one.p ?? 1)) / adjusted,
      isHopeless: least > alpha,
    },
  ];
  return new Map([
    ...headline.map((one, i) =>
      judged(one, headlinePs[i] ?? 1, (one.leastP * headline.length) / headlineShare(other.length > 0)),
    ),
    ...other.map((one, i) => judged(one, otherPs[i] ?? 1, one.leastP / otherShare)),
  ]);
}

function psOf(tested: readonly Tested[]): number[] {
  return tested.map(({ p }) => p ?? 1);
}

/** All of it where no other measure is tested. */
export function headlineShare(areOthersTested: boolean): number {
  return areOthersTested ? HEADLINE_SHARE : 1;
}

/**
 * Where a headline is named, an alarm is raised whatever becomes of the others, and they are held to the whole level; else to
 * what the headlines leave of it.
 */
function shareOfOthers(areHeadlinesTested: boolean, isHeadlineNamed: boolean): number {
  return areHeadlinesTested && !isHeadlineNamed ? 1 - HEADLINE_SHARE : 1;
}

function deltaOf(one: Tested, judged: Judged | undefined, settings: CompareSettings): MeasureDelta {
  const { measure, a, b, method, p } = one;
  const { name, label, unit, better, family } = measure;
  const before = a.length > 0 ? median(a) : undefined;
  const after = b.length > 0 ? median(b) : undefined;
  const confidence = judged?.confidence ?? settings.confidence;
  const shift = a.length > 0 && b.length > 0 ? shiftBetween(a, b, confidence) : undefined;
  const verdict = verdictOf(one, judged, shift, settings);
  return {
    measure: name,
    label,
    unit,
    better,
    ...change(before, after),
    verdict,
    family,
    ...(method !== undefined &&
      p !== undefined && { test: { method, p, adjustedP: judged?.adjustedP ?? 1 } }),
    ...intervalsOf(one, shift, verdict, settings),
    ...spreadsOf(a, b),
  };
}

function change(
  a: number | undefined,
  b: number | undefined,
): Pick<MeasureDelta, 'a' | 'b' | 'delta' | 'ratio'> {
  if (a === undefined) return b === undefined ? {} : { b };
  if (b === undefined) return { a };
  return { a, b, delta: b - a, ...(a !== 0 && { ratio: b / a }) };
}

function verdictOf(
  one: Tested,
  judged: Judged | undefined,
  shift: Shift | undefined,
  { effect, alpha }: CompareSettings,
): Verdict {
  const { measure, a } = one;
  if (measure.family === 'none' || shift === undefined) return 'unjudged';
  if (!canMatter(one, effect)) return 'negligible';
  if (judged === undefined) return 'unknown';
  if (judged.isHopeless) return 'tooFew';
  if (judged.adjustedP > alpha) return 'noise';
  const { estimate } = shift;
  const least = Math.max(measure.leastDifference, effect * Math.abs(median(a)));
  if (Math.abs(estimate) < least) return 'negligible';
  return estimate > 0 ? 'more' : 'less';
}

function intervalsOf(
  { a, b, method }: Tested,
  shift: Shift | undefined,
  verdict: Verdict,
  settings: CompareSettings,
): Pick<MeasureDelta, 'interval' | 'shift'> {
  if (shift === undefined || a.length + b.length < 3) return {};
  const { estimate, interval, confidence } = shift;
  const bootstrap = bootstrapDifference(a, b, sortedMedian, settings);
  const isOpen = verdict === 'noise' || verdict === 'tooFew';
  const contradicts = isOpen && (interval.low > 0 || interval.high < 0);
  // Of a single run the rank test tells nothing, nor does its interval.
  const isKnown = method !== 'prediction' && Math.min(a.length, b.length) > 1 && !contradicts;
  return {
    ...(bootstrap !== undefined && { interval: bootstrap }),
    shift: { estimate, ...(isKnown && { interval, confidence }) },
  };
}

function sortedMedian(sorted: Float64Array): number {
  return sortedQuantile(sorted, 0.5);
}

function spreadsOf(a: readonly number[], b: readonly number[]): Pick<MeasureDelta, 'spread'> {
  if (a.length < 2 && b.length < 2) return {};
  return {
    spread: { ...(a.length > 1 && { a: spread(a) }), ...(b.length > 1 && { b: spread(b) }) },
  };
}
