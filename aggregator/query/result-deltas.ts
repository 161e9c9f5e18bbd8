/** The results of two runs side by side. */
import type { MeasureDelta } from '../../protocol/query.ts';
import type { CombinedResult } from './combined-results.ts';
import { measureChange } from './measure-change.ts';

/** Those of b in its order, then those that a alone has. A result whose unit changed is of another kind on each side. */
export function resultDeltas(
  a: readonly CombinedResult[] = [],
  b: readonly CombinedResult[] = [],
): MeasureDelta[] {
  const keyOf = ({ name, unit }: CombinedResult): string => `${name} ${unit}`;
  const before = new Map(a.map((result) => [keyOf(result), result]));
  const after = new Map(b.map((result) => [keyOf(result), result]));
  return [...new Map([...after, ...before])].map(([key, { name, unit, better }]) => ({
    measure: name,
    label: name,
    unit,
    better,
    ...measureChange(before.get(key)?.value, after.get(key)?.value),
  }));
}
