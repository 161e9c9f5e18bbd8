import Type, { type Static } from 'typebox';

/** A finished run held against the good runs of its workload before it, on the same type of host. */
export const Judgement = Type.Object(
  {
    /** `mixed`: some measures regressed and others improved. `unknown`: too few good runs before it. */
    verdict: Type.Enum(['usual', 'regressed', 'improved', 'mixed', 'unknown']),
    sentence: Type.String(),
    against: Type.Array(Type.String(), { description: 'The good runs before it, oldest first' }),
    /** What is out of the usual, of the headline measures. */
    measures: Type.Array(
      Type.Object({
        measure: Type.String(),
        label: Type.String(),
        verdict: Type.Enum(['more', 'less']),
        change: Type.Optional(Type.Number({ description: 'Share of the median; absent where that is zero' })),
        p: Type.Number({ description: 'Corrected for all headline measures' }),
      }),
    ),
  },
  { $id: 'Judgement', additionalProperties: false },
);
export type Judgement = Static<typeof Judgement>;
