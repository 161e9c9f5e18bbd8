/** What `GET /v1/runs/{id}/deviations` answers: how far a run is from what is usual for its workload. */
import Type, { type Static } from 'typebox';
import type { MeasureName } from './measures.ts';

export const Deviation = Type.Object(
  {
    measure: Type.Unsafe<MeasureName>(Type.String()),
    value: Type.Number(),
    /** Of up to 20 finished runs before it; `spread` is half the distance between the quartiles. */
    history: Type.Object({ runs: Type.Integer(), median: Type.Number(), spread: Type.Number() }),
    ratio: Type.Optional(Type.Number({ description: 'value ÷ median; absent where the median is zero' })),
  },
  { $id: 'Deviation', additionalProperties: false },
);
export type Deviation = Static<typeof Deviation>;

export const DeviationsPage = Type.Object(
  { deviations: Type.Array(Deviation) },
  { $id: 'DeviationsPage', additionalProperties: false },
);
export type DeviationsPage = Static<typeof DeviationsPage>;
