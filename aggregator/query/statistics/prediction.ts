/** Whether one new value is what earlier ones let expect. */
import { studentP } from './student-t.ts';

/** Fewer values do not show what is usual. */
export const FEWEST_EARLIER = 4;

/**
 * The two-sided p of a value under the earlier ones: Student's t of the distance from their mean, in the deviation that a
 * single further value has (s √(1 + 1/n)). Reckoned on logarithms where every value is above zero, for times and sizes
 * scatter by factors. It expects them to scatter normally; a rank test cannot tell anything of a single value.
 * Undefined for fewer than 4 earlier values.
 */
export function predictionP(earlier: readonly number[], value: number): number | undefined {
  const n = earlier.length;
  if (n < FEWEST_EARLIER) return undefined;
  const isPositive = value > 0 && earlier.every((one) => one > 0);
  const scaled = isPositive ? earlier.map(Math.log) : earlier;
  const mean = scaled.reduce((sum, one) => sum + one, 0) / n;
  const squares = scaled.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const distance = (isPositive ? Math.log(value) : value) - mean;
  if (squares === 0) return distance === 0 ? 1 : 0;
  return studentP(distance / Math.sqrt((squares / (n - 1)) * (1 + 1 / n)), n - 1);
}
