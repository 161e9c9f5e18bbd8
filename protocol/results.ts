/**
 * Results: figures of a run that do not come from samples but from a report, so that their names are not in the fixed
 * table of measures: what a storage tool found, what an application said on its standard output. An agent sends all
 * of them again whenever one changed; the last list wins.
 */
import Type, { type Static } from 'typebox';
import { MOST_RESULTS, RESULT_NAME_PATTERN } from './limits.ts';
import { resultUnits } from './result-units.ts';

export const RunResult = Type.Object(
  {
    name: Type.String({ pattern: RESULT_NAME_PATTERN, description: 'For example fio.read.iops' }),
    unit: Type.Enum([...resultUnits]),
    value: Type.Number({ description: 'In the unit, as the report has it' }),
    better: Type.Enum(['lower', 'higher', 'neutral'], {
      description: 'Whether a lower or a higher value is better; neutral where it depends',
    }),
    combine: Type.Enum(['sum', 'max', 'min', 'mean'], {
      description: 'How the results of several members become the run’s',
    }),
  },
  { $id: 'Result', additionalProperties: false },
);
export type RunResult = Static<typeof RunResult>;

export const RunResults = Type.Array(RunResult, { maxItems: MOST_RESULTS });
