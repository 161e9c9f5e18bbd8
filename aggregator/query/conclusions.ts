/** What came out of a comparison, in sentences. */
import type { CompareSettings, MeasureDelta, Verdict } from '../../protocol/comparison.ts';
import { headlineShare } from './judge-measures.ts';
import { leastRankSumP } from './statistics/rank-sum.ts';
import { certainty, count, duration, inUnit, listed, percent, pValue, signedShare } from './wording.ts';

export interface Sizes {
  readonly a: number;
  readonly b: number;
}

/** `sizes`: runs of each side that took part. */
export function conclusionsOf(
  measures: readonly MeasureDelta[],
  sizes: Sizes,
  settings: CompareSettings,
): string[] {
  const named = (verdict: Verdict): MeasureDelta[] => measures.filter((one) => one.verdict === verdict);
  const changed = [...named('more'), ...named('less')];
  const found = [
    ...changed.filter(({ family }) => family === 'headline').map(changeSentence),
    ...besideSentence(changed.filter(({ family }) => family === 'other')),
  ];
  return [
    ...(sizes.a === 1 && sizes.b === 1 ? oneRunASide(measures) : found),
    ...tooFewSentences(measures, sizes, settings),
    ...quietSentence(
      measures.filter((one) => one.family === 'headline'),
      settings,
    ),
  ];
}

function besideSentence(others: readonly MeasureDelta[]): string[] {
  if (others.length === 0) return [];
  const changes = others.map(({ label, a = 0, b = 0, shift }) =>
    a === 0 ? label : `${label} (${signedShare((shift?.estimate ?? b - a) / a)})`,
  );
  return [`Other measures beyond chance: ${listed(changes)}.`];
}

function changeSentence(one: MeasureDelta): string {
  const { label, unit, a = 0, b = 0, shift, test } = one;
  const format = inUnit(unit);
  const doing = one.verdict === 'more' ? 'rose' : 'fell';
  const by = a === 0 ? '' : ` ${extent((shift?.estimate ?? b - a) / a)}`;
  const proof = [...intervalText(one), ...(test ? [`p ${equals(test.adjustedP)}`] : [])];
  const basis =
    test?.method === 'prediction' ? 'more than earlier runs scatter' : 'more than chance explains';
  return `${capital(label)} ${doing}${by} (${format(a)} -> ${format(b)}; ${proof.join('; ')}): ${basis}.`;
}

/** `by 12 %`, and beyond a tripling `to 4.2 times`. */
function extent(share: number): string {
  return share < 2 ? `by ${percent(Math.abs(share))}` : `to ${count(1 + share)} times`;
}

function equals(p: number): string {
  const text = pValue(p);
  return text.startsWith('<') ? text : `= ${text}`;
}

/** Between which changes the true one lies. */
function intervalText({ a, shift }: MeasureDelta): string[] {
  if (!a || shift?.interval === undefined) return [];
  const { low, high } = shift.interval;
  return [`${certainty(shift.confidence ?? 0)}: ${signedShare(low / a)} to ${signedShare(high / a)}`];
}

/** A difference between two runs, beside what runs before differed by. */
function oneRunASide(measures: readonly MeasureDelta[]): string[] {
  const wall = measures.find(({ measure }) => measure === 'wallSeconds')?.history;
  const doubt = 'One run a side cannot show whether a difference is more than noise';
  if (wall === undefined || wall.runs < 2) {
    return [`${doubt}: repeat both with --runs 5.`];
  }
  return [
    `${doubt}; the ${wall.runs} runs before took ${duration(wall.median)} ± ${duration(wall.spread)} (median, half the distance between the quartiles).`,
  ];
}

function tooFewSentences(
  measures: readonly MeasureDelta[],
  { a, b }: Sizes,
  { alpha }: CompareSettings,
): string[] {
  const tested = measures.filter(({ test }) => test !== undefined);
  const headline = tested.filter(({ family }) => family === 'headline');
  const tooFew = tested.filter(({ verdict }) => verdict === 'tooFew');
  if (tooFew.length === 0) return [];
  const areAllTooFew = tooFew.some(({ family }) => family === 'headline') || headline.length === 0;
  // The others are judged once a headline can be.
  const level =
    headline.length === 0
      ? alpha
      : (alpha * headlineShare(headline.length < tested.length)) / headline.length;
  const advice = areAllTooFew
    ? `, and ${pValue(level)} is asked for; ${runsNeeded(level)} runs a side would do`
    : '; more runs, or --measures with what matters, would tell';
  return [
    `${a} ${runs(a)} against ${b} cannot tell a difference in ${subject(tooFew)} from chance: the least p that they can have is ${pValue(leastRankSumP(a, b))}${advice}.`,
  ];
}

function runsNeeded(level: number): number {
  let n = 2;
  while (leastRankSumP(n, n) > level) n += 1;
  return n;
}

function runs(n: number): string {
  return n === 1 ? 'run' : 'runs';
}

function subject(measures: readonly MeasureDelta[]): string {
  const labels = measures.map(({ label }) => label);
  return labels.length > 5 ? `${labels.length} measures` : listed(labels);
}

/** What was looked at and showed nothing: a silence that must not be read as sameness. */
function quietSentence(headline: readonly MeasureDelta[], { effect }: CompareSettings): string[] {
  const noise = headline.filter(({ verdict }) => verdict === 'noise');
  const negligible = headline.filter(({ verdict, a, b }) => verdict === 'negligible' && (a || b));
  return [
    ...(noise.length === 0 ? [] : [`No more than chance explains: ${listed(noise.map(withInterval))}.`]),
    ...(negligible.length === 0
      ? []
      : [
          `Changed by less than ${percent(effect)} or not at all: ${listed(negligible.map(({ label }) => label))}.`,
        ]),
  ];
}

function withInterval(one: MeasureDelta): string {
  const [interval] = intervalText(one);
  return interval === undefined ? one.label : `${one.label} (${interval})`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
