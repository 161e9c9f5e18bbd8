/**
 * Where a change stands on an axis of ratios: a doubling lies as far to the right of no change as a halving to the
 * left. Everything here is pure.
 */
import type { MeasureDelta } from '../../../protocol/comparison.ts';
import { changeInterval } from '../../query/measure-words.ts';

/** Factors; 1 is no change. */
export interface ChangeMark {
  readonly change: number;
  readonly interval?: readonly [low: number, high: number];
  /** What earlier runs scattered by. */
  readonly usual?: readonly [low: number, high: number];
}

/** Smaller than any factor that could be drawn. */
const NOTHING = 1 / 1024;
const LEAST_REACH = 1.1;
const MOST_REACH = 4;
/** Room for the whisker of the largest change. */
const MARGIN = 1.3;

/** Undefined where there is no factor: from zero, or of a measure that one side lacks. */
export function changeMark(measure: MeasureDelta): ChangeMark | undefined {
  const { a, b, history } = measure;
  if (!a || b === undefined) return undefined;
  const known = changeInterval(measure);
  const factor = (value: number) => Math.max(NOTHING, value / a);
  return {
    change: factor(b),
    ...(known && { interval: [factor(a + known.low), factor(a + known.high)] }),
    ...(history && {
      usual: [factor(history.median - history.spread), factor(history.median + history.spread)],
    }),
  };
}

/** How far the axis reaches to both sides, as a factor: to the largest change, within bounds; wide intervals may reach beyond. */
export function reachOf(marks: readonly ChangeMark[]): number {
  const factors = marks.map(({ change }) => change ** MARGIN);
  const far = factors.map((factor) => Math.max(factor, 1 / factor));
  return Math.min(MOST_REACH, Math.max(LEAST_REACH, ...far));
}

/** From 0 at the left end to 1 at the right; what lies beyond stands at the end. */
export function placeOf(factor: number, reach: number): number {
  const place = 0.5 + Math.log(factor) / Math.log(reach) / 2;
  return Math.min(1, Math.max(0, place));
}
