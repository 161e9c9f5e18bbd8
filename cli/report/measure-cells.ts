/** The cells that every form of a comparison shares. */

import { pValue, signedShare } from '../../aggregator/query/wording.ts';
import type { CompareAnswer, ComparedSide, MeasureDelta } from '../../protocol/comparison.ts';
import { change, inUnit, shown, signed } from '../terminal/format.ts';

/** What neither side used says nothing. */
export function usedMeasures({ measures }: CompareAnswer): MeasureDelta[] {
  return measures.filter(({ a, b }) => Boolean(a) || Boolean(b));
}

/** `train@10..14 (5 runs)` */
export function sideTitle({ label, runs }: ComparedSide): string {
  const used = runs.filter(({ leftOut }) => !leftOut);
  const [only] = used;
  return used.length === 1 && only !== undefined ? only.ref : `${label} (${used.length} runs)`;
}

export function deltaText({ delta, unit }: MeasureDelta): string {
  return shown(delta, (value) => signed(value, inUnit(unit)));
}

export function changeText({ ratio, delta }: MeasureDelta): string {
  return delta === 0 ? change(1) : shown(ratio, change);
}

/** The percentages between which the true change lies: that of the rank test, else of the bootstrap. */
export function intervalText({ a, interval, shift }: MeasureDelta): string {
  const known = shift?.interval ?? interval;
  if (!a || known === undefined || known.low === known.high) return '';
  return `${signedShare(known.low / a)} … ${signedShare(known.high / a)}`;
}

export function pText({ test }: MeasureDelta): string {
  return test === undefined ? '' : pValue(test.adjustedP);
}

export function verdictText({ verdict, better }: MeasureDelta): string {
  switch (verdict) {
    case 'more':
    case 'less':
      if (better === 'neutral') return verdict;
      return isBetter({ verdict, better }) ? 'better' : 'worse';
    case 'noise':
      return 'noise';
    case 'tooFew':
      return 'too few runs';
    case 'negligible':
      return 'no change';
    case 'unknown':
    case 'unjudged':
      return '';
  }
}

type Judged = Pick<MeasureDelta, 'verdict' | 'better'>;

export function isWorse({ verdict, better }: Judged): boolean {
  return (verdict === 'more' && better === 'lower') || (verdict === 'less' && better === 'higher');
}

export function isBetter({ verdict, better }: Judged): boolean {
  return (verdict === 'less' && better === 'lower') || (verdict === 'more' && better === 'higher');
}
