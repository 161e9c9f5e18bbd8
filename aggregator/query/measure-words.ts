/** What a compared measure is called and counted as, wherever a comparison is shown. */
import type { CompareAnswer, ComparedSide, MeasureDelta } from '../../protocol/comparison.ts';

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

/** Between which the true change lies, as certainly as the verdict is held to; undefined where so few runs cannot tell. */
export function changeInterval({
  shift,
}: Pick<MeasureDelta, 'shift'>): NonNullable<MeasureDelta['shift']>['interval'] {
  return shift?.interval;
}

/** Empty where nothing can be said. */
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

/**
 * Whether it may be a difference: more than chance explains, or, where that cannot be known, more than earlier runs
 * differed by, else more than the smallest change worth naming.
 */
export function mayDiffer({ verdict, delta, a, history }: MeasureDelta, effect: number): boolean {
  switch (verdict) {
    case 'more':
    case 'less':
      return true;
    case 'unknown':
    case 'tooFew':
      if (!delta) return false;
      return Math.abs(delta) > Math.max(history?.spread ?? 0, effect * (a ?? 0));
    case 'noise':
    case 'negligible':
    case 'unjudged':
      return false;
  }
}
