/** The cells that every form of a comparison shares. */

import { changeInterval } from '../../aggregator/query/measure-words.ts';
import { pValue, signedShare } from '../../aggregator/query/wording.ts';
import type { MeasureDelta } from '../../protocol/comparison.ts';
import { change, inUnit, shown, signed } from '../terminal/format.ts';

export function deltaText({ delta, unit }: MeasureDelta): string {
  return shown(delta, (value) => signed(value, inUnit(unit)));
}

export function changeText({ ratio, delta }: MeasureDelta): string {
  return delta === 0 ? change(1) : shown(ratio, change);
}

/** The percentages between which the true change lies. */
export function intervalText(measure: MeasureDelta): string {
  const { a } = measure;
  const known = changeInterval(measure);
  if (!a || known === undefined || known.low === known.high) return '';
  return `${signedShare(known.low / a)} … ${signedShare(known.high / a)}`;
}

export function pText({ test }: MeasureDelta): string {
  return test === undefined ? '' : pValue(test.adjustedP);
}
