/** The HTTP API's lists of runs and of workloads: what they are asked, and what they answer. */
import Type, { type Static } from 'typebox';
import { RunView, runStates } from './query.ts';
import { Workload } from './run.ts';
import { runOutcomes, runSortKeys, TAG_FILTER_PATTERN } from './run-choices.ts';

export const RunsQuery = Type.Object(
  {
    workload: Type.Optional(Type.String({ description: 'Workload name' })),
    state: Type.Optional(Type.Enum([...runStates])),
    outcome: Type.Optional(
      Type.Enum([...runOutcomes], {
        description: '`succeeded`: finished, and nothing says that it failed',
      }),
    ),
    tag: Type.Optional(Type.String({ pattern: TAG_FILTER_PATTERN, description: 'key=value' })),
    host: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 253,
        description: 'Name of the host, or in a cluster of a node, that it ran on',
      }),
    ),
    text: Type.Optional(
      Type.String({
        maxLength: 1000,
        description:
          'Words that all occur in its name, namespace, command, tags, note or host name; upper and lower case are alike',
      }),
    ),
    since: Type.Optional(Type.String({ format: 'date-time' })),
    until: Type.Optional(Type.String({ format: 'date-time' })),
    sort: Type.Optional(Type.Enum([...runSortKeys])),
    order: Type.Optional(Type.Enum(['asc', 'desc'])),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    cursor: Type.Optional(Type.String({ description: 'nextCursor of the page before' })),
  },
  { $id: 'RunsQuery', additionalProperties: false },
);
export type RunsQuery = Static<typeof RunsQuery>;

export const RunsPage = Type.Object(
  { runs: Type.Array(RunView), nextCursor: Type.Optional(Type.String()) },
  { $id: 'RunsPage', additionalProperties: false },
);
export type RunsPage = Static<typeof RunsPage>;

const RecentRun = Type.Object({
  number: Type.Integer({ minimum: 1 }),
  wallSeconds: Type.Optional(Type.Number()),
  cpuSeconds: Type.Optional(Type.Number()),
  averageCores: Type.Optional(Type.Number()),
  peakRssBytes: Type.Optional(Type.Number()),
  readBytes: Type.Optional(Type.Number()),
  writeBytes: Type.Optional(Type.Number()),
});
export type RecentRun = Static<typeof RecentRun>;

export const WorkloadView = Type.Object(
  {
    workload: Workload,
    runs: Type.Integer(),
    latest: RunView,
    recent: Type.Array(RecentRun, {
      description: 'The figures of its newest runs, at most 20, the oldest of them first',
    }),
  },
  { $id: 'WorkloadView', additionalProperties: false },
);
export type WorkloadView = Static<typeof WorkloadView>;
export const WorkloadsPage = Type.Object(
  { workloads: Type.Array(WorkloadView) },
  { $id: 'WorkloadsPage', additionalProperties: false },
);
export type WorkloadsPage = Static<typeof WorkloadsPage>;
