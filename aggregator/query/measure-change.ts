import type { MeasureDelta } from '../../protocol/query.ts';

/** What became of one value; the ratio is absent where it was zero. */
export function measureChange(
  a: number | undefined,
  b: number | undefined,
): Pick<MeasureDelta, 'a' | 'b' | 'delta' | 'ratio'> {
  if (a === undefined) return b === undefined ? {} : { b };
  if (b === undefined) return { a };
  return { a, b, delta: b - a, ...(a !== 0 && { ratio: b / a }) };
}
