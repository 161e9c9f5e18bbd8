/** Results of runs, compared as their measures are. */
import type { RunView } from '../../protocol/query.ts';
import type { ComparedMeasure, JudgedValues } from './compared-measures.ts';

type Reported = Pick<RunView, 'measures' | 'results'>;
type Result = NonNullable<RunView['results']>[number];

/** A result whose unit changed is another one. No measure has a blank in its name. */
const keyOf = ({ name, unit }: Pick<Result, 'name' | 'unit'>): string => `${name} ${unit}`;

/** What a run is judged by: its measures, and its results under names of their own. */
export function judgedValues({ measures, results = [] }: Reported): JudgedValues {
  return { ...measures, ...Object.fromEntries(results.map((result) => [keyOf(result), result.value])) };
}

/** Each result that any of the runs has, in the order in which they have them. */
export function comparedResults(runs: readonly Reported[]): ComparedMeasure[] {
  const found = new Map(runs.flatMap(({ results = [] }) => results.map((result) => [keyOf(result), result])));
  return [...found].map(([key, { name, unit, better }]) => ({
    name,
    label: name,
    unit,
    better,
    family: 'headline',
    leastDifference: 0,
    read: (values) => values[key],
  }));
}
