/** Rules that a comparison must keep, for CI: `wall>5%,peakRss>10%`. */
import type { CompareAnswer, ComparedSide, GateResult, MeasureDelta } from '../../protocol/comparison.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { requireComparedMeasure } from './compared-measures.ts';
import { holm } from './statistics/corrections.ts';
import { leastRankSumP } from './statistics/rank-sum.ts';
import { percent, pValue } from './wording.ts';

export interface GateRule {
  /** Name of a compared measure. */
  readonly measure: string;
  /** The largest rise allowed, as a share. */
  readonly limit: number;
}

/** `field`: where the text stood. Throws PODO_BAD_REQUEST. */
export function parseGate(text: string, field: string): GateRule[] {
  return text.split(',').map((part) => {
    const [, name, limit] = /^\s*(\w+)\s*>\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(part) ?? [];
    if (name !== undefined) {
      return { measure: requireComparedMeasure(name, field).name, limit: Number(limit) / 100 };
    }
    throw new PodometerError(
      'PODO_BAD_REQUEST',
      `${field} holds "${part}", which is not a rule`,
      'Give rules such as wall>5%,peakRss>10%: a measure, > and a percentage.',
    );
  });
}

/** The smallest change worth naming in a comparison that is to keep these rules: none of them may ask for less. */
export function effectFor(rules: readonly GateRule[], effect: number): number {
  return Math.min(effect, ...rules.map(({ limit }) => limit));
}

/**
 * A rule is broken by a rise above its limit that is worth naming and more than chance explains, corrected for the rules
 * alone. Where so few runs can show nothing, the rise itself decides, for a CI that runs once would otherwise never fail.
 * `answer`: with the effect of `effectFor`.
 */
export function judgeGate(
  { measures, sides, settings }: CompareAnswer,
  rules: readonly GateRule[],
): GateResult[] {
  const found = rules.map((rule) => measures.find((one) => one.measure === rule.measure));
  const tested = found.filter((one) => one?.test !== undefined);
  const ps = holm(tested.map((one) => one?.test?.p ?? 1)).map((p) => Math.min(1, p));
  const [n, m] = [usedRuns(sides.a), usedRuns(sides.b)];
  const isPossible = leastRankSumP(n, m) * tested.length <= settings.alpha;
  return rules.map((rule, i) => {
    const one = found[i];
    const isJudged = one?.test?.method === 'prediction' || isPossible;
    const p = isJudged ? ps[tested.indexOf(one)] : undefined;
    return resultOf(rule, one, p, settings.alpha);
  });
}

function usedRuns({ runs }: ComparedSide): number {
  return runs.filter(({ leftOut }) => !leftOut).length;
}

/** `p`: undefined where no number of runs as small as this can tell. */
function resultOf(
  { measure, limit }: GateRule,
  one: MeasureDelta | undefined,
  p: number | undefined,
  alpha: number,
): GateResult {
  const rise = one === undefined ? undefined : riseOf(one);
  if (one === undefined || rise === undefined) {
    return {
      measure,
      limit,
      failed: false,
      reason: `${one?.label ?? measure} was not measured on both sides`,
    };
  }
  const isNegligible = one.verdict === 'negligible';
  const moved =
    rise === 0 ? 'did not change' : `${rise < 0 ? 'fell' : 'rose'} by ${riseText(Math.abs(rise))}`;
  const what = `${one.label} ${moved}, and ${percent(limit)} is allowed`;
  const doubt = isNegligible
    ? ''
    : p === undefined
      ? '; so few runs cannot tell it from chance'
      : `; p = ${pValue(p)}`;
  return {
    measure,
    limit,
    ...(Number.isFinite(rise) && { change: rise }),
    ...(p !== undefined && { p }),
    failed: rise > limit && !isNegligible && (p === undefined || p <= alpha),
    reason: `${what}${doubt}`,
  };
}

/** As a share of the baseline; infinite where that is zero and there is some now. */
function riseOf({ a, b, shift, delta }: MeasureDelta): number | undefined {
  if (a === undefined || b === undefined) return undefined;
  const rise = shift?.estimate ?? delta ?? 0;
  if (a === 0) return rise > 0 ? Number.POSITIVE_INFINITY : 0;
  return rise / a;
}

function riseText(rise: number): string {
  return Number.isFinite(rise) ? percent(rise) : 'something from nothing';
}
