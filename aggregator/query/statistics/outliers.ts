import { median } from './quantile.ts';

/** Fewer values do not show what is usual. */
const FEWEST_VALUES = 5;
/** Iglewicz and Hoaglin 1993: modified z-scores above this are outliers. */
const FARTHEST_SCORE = 3.5;
/** Turns a median distance (or, in its place, a mean one) into the standard deviation of normal values. */
const SD_BY_MEDIAN_DISTANCE = 1.4826;
const SD_BY_MEAN_DISTANCE = 1.2533;

/**
 * The places of the values that lie farther from the median than the others let expect: modified z-score by the median
 * absolute deviation, or by the mean one where more than half of the values are equal. `leastDistance`: nearer
 * ones are none, whatever the others are. None among fewer than 5 values.
 */
export function outliers(values: readonly number[], leastDistance = 0): number[] {
  if (values.length < FEWEST_VALUES) return [];
  const middle = median(values);
  const distances = values.map((value) => Math.abs(value - middle));
  const mad = median(distances) * SD_BY_MEDIAN_DISTANCE;
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
  const deviation = mad > 0 ? mad : mean * SD_BY_MEAN_DISTANCE;
  return [...distances.keys()].filter((place) => {
    const distance = distances[place] as number;
    return distance > leastDistance && distance > FARTHEST_SCORE * deviation;
  });
}
