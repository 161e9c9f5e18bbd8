/** What `GET /v1/runs/{id}/wall-split` answers. */
import Type, { type Static } from 'typebox';

const Seconds = (description: string) => Type.Number({ minimum: 0, description });

/** Where the wall time of a run went. The parts that are there add up to it; one that was not measured is absent. */
export const WallSplit = Type.Object(
  {
    wallSeconds: Seconds('From the start of the run to its end, or to what is known of it'),
    cpuSeconds: Type.Optional(Seconds('Some process was on a CPU')),
    runnableSeconds: Type.Optional(Seconds('None was, and some thread was ready and waited for a CPU')),
    diskSeconds: Type.Optional(Seconds('Neither, and some thread waited for storage')),
    otherSeconds: Type.Optional(
      Seconds('The rest: waiting for anything else, and for what was not measured; absent without CPU time'),
    ),
  },
  { $id: 'WallSplit', additionalProperties: false },
);
export type WallSplit = Static<typeof WallSplit>;
