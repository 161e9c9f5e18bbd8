/**
 * A run exported as JSON: one object that holds all that a store keeps of it, so that `podometer import` makes the same run
 * of it again. Times are ms since the start of the run where the name ends in `Ms`, but for `epochMs` and `lastSeenMs`: those are
 * ms since the Unix epoch. A container, device, volume or output is named by its member's place in `members` and its index
 * in that member, a process by both as its `key`.
 */
import Type, { type Static } from 'typebox';
import { Pod } from './pods.ts';
import { ProcessView, RunView } from './query.ts';
import { RunResults } from './results.ts';
import { RunEvent, RunOutcome } from './run.ts';

/**
 *     1 (not written in the file)   without members, containers, storage, outputs, and the places of series
 *     2                             without loss
 */
export const EXPORT_VERSION = 2;

const Stored = Type.Integer({ minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });
const Place = Type.Integer({ minimum: 0 });

export const ExportedMember = Type.Object({
  agent: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  name: Type.String(),
  podUid: Type.Optional(Type.String()),
  epochMs: Type.Integer({ minimum: 0, description: "Wall clock of the agent's time zero" }),
  lastSeenMs: Type.Integer({ minimum: 0, description: 'When its last batch arrived' }),
  totals: Type.Array(Type.Tuple([Place, Type.Integer({ minimum: 0 })]), {
    description: 'Number of the measure and integer, cumulative',
  }),
  results: Type.Optional(RunResults),
  outcome: Type.Optional(RunOutcome),
  writer: Type.Optional(Type.Object({ pid: Type.Integer({ minimum: 1 }), bootId: Type.String() })),
});
export type ExportedMember = Static<typeof ExportedMember>;

export const ExportedSeries = Type.Object({
  subject: Type.Enum(['process', 'container', 'host', 'device', 'volume', 'output']),
  member: Place,
  index: Place,
  column: Type.String(),
  times: Type.Array(Stored),
  values: Type.Array(Stored),
});
export type ExportedSeries = Static<typeof ExportedSeries>;

export const ExportedDocument = Type.Object({
  version: Type.Literal(EXPORT_VERSION),
  run: RunView,
  members: Type.Array(ExportedMember, { minItems: 1 }),
  pods: Type.Optional(Type.Array(Pod)),
  ending: Type.Optional(RunOutcome),
  concluded: Type.Optional(Type.Object({ atMs: Type.Integer(), regression: Type.Optional(Type.String()) })),
  thinned: Type.Optional(Type.Enum(['levels', 'summary'])),
  containers: Type.Array(Type.Object({ member: Place, index: Place, name: Type.String() })),
  storage: Type.Array(
    Type.Object({
      member: Place,
      index: Place,
      kind: Type.Enum(['device', 'volume']),
      container: Type.Optional(Place),
      place: Type.String(),
      name: Type.Optional(Type.String()),
    }),
  ),
  outputs: Type.Array(
    Type.Object({ member: Place, index: Place, name: Type.String(), decimals: Type.Integer() }),
  ),
  processes: Type.Array(ProcessView),
  events: Type.Array(RunEvent),
  series: Type.Array(ExportedSeries),
});
export type ExportedDocument = Static<typeof ExportedDocument>;
