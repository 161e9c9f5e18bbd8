/** What `GET /v1/runs/{id}/findings` and `/phases` answer. */
import Type, { type Static } from 'typebox';

export const findingKinds = [
  'one-core',
  'memory-limit',
  'disk-wait',
  'leak',
  'cpu-throttled',
  'oom-kill',
  'oversized-request',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** Something that a person would want to know of a run, in one sentence, with the figures that it rests on. */
export const Finding = Type.Object(
  {
    kind: Type.Enum([...findingKinds]),
    sentence: Type.String(),
    /** Seconds, bytes, cores and shares, as their names say. */
    figures: Type.Record(Type.String(), Type.Number()),
    process: Type.Optional(Type.String({ description: 'Key of the process' })),
    container: Type.Optional(Type.String()),
    member: Type.Optional(Type.String({ description: 'Its pod, of a run with several members' })),
  },
  { $id: 'Finding', additionalProperties: false },
);
export type Finding = Static<typeof Finding>;

export const FindingsPage = Type.Object(
  { findings: Type.Array(Finding) },
  { $id: 'FindingsPage', additionalProperties: false },
);
export type FindingsPage = Static<typeof FindingsPage>;

/** A stretch of a run in which it behaved alike; means over the stretch, of all processes together. */
export const Phase = Type.Object(
  {
    fromMs: Type.Number(),
    toMs: Type.Number(),
    cores: Type.Number(),
    rssBytes: Type.Number(),
    readBytesPerSecond: Type.Number(),
    writeBytesPerSecond: Type.Number(),
  },
  { $id: 'Phase', additionalProperties: false },
);
export type Phase = Static<typeof Phase>;

export const PhasesPage = Type.Object(
  { phases: Type.Array(Phase) },
  { $id: 'PhasesPage', additionalProperties: false },
);
export type PhasesPage = Static<typeof PhasesPage>;
