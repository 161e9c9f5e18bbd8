/**
 * Where a change stands on an axis of ratios: a doubling lies as far to the right of no change as a halving to the
 * left. Everything here is pure.
 */
import type { MeasureDelta } from '../../../protocol/comparison.ts';

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

/** A change in the unit of its measure, and between which changes the true one lies: both of one kind. */
export interface Change {
  readonly value: number;
  readonly interval?: NonNullable<MeasureDelta['interval']>;
}

/** The Hodges–Lehmann shift where its interval is known, else the difference of the medians. */
export function changeOf({ delta, interval, shift }: MeasureDelta): Change | undefined {
  if (shift?.interval) return { value: shift.estimate, interval: shift.interval };
  if (delta === undefined) return undefined;
  return { value: delta, ...(interval && { interval }) };
}

/** Undefined where there is no factor: from zero, or of a measure that one side lacks. */
export function changeMark(measure: MeasureDelta): ChangeMark | undefined {
  const { a, history } = measure;
  const known = changeOf(measure);
  if (!a || known === undefined) return undefined;
  const { value, interval } = known;
  const factor = (delta: number) => Math.max(NOTHING, 1 + delta / a);
  return {
    change: factor(value),
    ...(interval && { interval: [factor(interval.low), factor(interval.high)] }),
    ...(history && {
      usual: [factor(history.median - history.spread - a), factor(history.median + history.spread - a)],
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
