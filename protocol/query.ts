/**
 * The HTTP API's requests and answers: one TypeBox object is the validation, the TypeScript type and the OpenAPI
 * schema. Times are ISO 8601 in UTC, or ms since the run's start where the name ends in `Ms`.
 */
import Type, { type Static } from 'typebox';
import { Judgement } from './judgement.ts';
import { measures } from './measures.ts';
import { Pod } from './pods.ts';
import { RunResult } from './results.ts';
import { HostFacts, RunEvent, RunOutcome, Tags, Workload } from './run.ts';

export const runStates = ['running', 'finished', 'interrupted'] as const;

export const Measures = Type.Partial(
  Type.Object(
    Object.fromEntries(
      measures.map((m) => [m.name, Type.Number({ description: `${m.doc} Unit: ${m.unit}.` })]),
    ),
  ),
  { $id: 'Measures', additionalProperties: false },
);

export const RunView = Type.Object(
  {
    id: Type.String(),
    ref: Type.String({ description: 'WORKLOAD@N' }),
    number: Type.Integer({ minimum: 1, description: 'Counts the runs of one workload' }),
    workload: Workload,
    state: Type.Enum([...runStates]),
    startedAt: Type.String({ format: 'date-time' }),
    endedAt: Type.Optional(Type.String({ format: 'date-time' })),
    outcome: Type.Optional(RunOutcome),
    command: Type.Optional(Type.Array(Type.String())),
    tags: Tags,
    note: Type.Optional(Type.String()),
    pinned: Type.Boolean(),
    intervalMs: Type.Integer(),
    metrics: Type.Array(Type.String()),
    members: Type.Array(Type.Object({ name: Type.String(), agent: Type.String() })),
    /** Of one run alone, not in lists; absent where the run is not in a cluster. */
    pods: Type.Optional(Type.Array(Pod)),
    host: Type.Optional(HostFacts),
    measures: Type.Unsafe<Partial<Record<(typeof measures)[number]['name'], number>>>(Measures),
    results: Type.Optional(
      Type.Array(Type.Omit(RunResult, ['combine']), {
        description:
          'What a storage tool reported, or the program said of itself; absent where there is none',
      }),
    ),
    agentVersion: Type.String(),
    /** Of one finished run alone, not in lists. */
    judgement: Type.Optional(Judgement),
  },
  { $id: 'Run', additionalProperties: false },
);
export type RunView = Static<typeof RunView>;

/** One process of a run. Counters are totals over its life; levels are peaks. Absent: not read. */
export const ProcessView = Type.Object(
  {
    key: Type.String({ description: 'member index "." process index: names the process in /series' }),
    pid: Type.Integer(),
    parent: Type.Optional(Type.String({ description: 'key of the parent, where it is one of the run' })),
    role: Type.Enum(['target', 'agent']),
    comm: Type.String(),
    args: Type.Optional(Type.String()),
    container: Type.Optional(Type.String()),
    member: Type.String(),
    startMs: Type.Number({ description: 'ms since the start of the run; negative where it is older' }),
    endMs: Type.Optional(Type.Number()),
    endBoundMs: Type.Optional(
      Type.Number({ description: 'The true end lies in [endMs − endBoundMs, endMs]' }),
    ),
    exitCode: Type.Optional(Type.Integer()),
    cpuUserSeconds: Type.Optional(Type.Number()),
    cpuSystemSeconds: Type.Optional(Type.Number()),
    shortLivedCpuSeconds: Type.Optional(Type.Number()),
    peakRssBytes: Type.Optional(Type.Number()),
    peakPssBytes: Type.Optional(Type.Number()),
    readBytes: Type.Optional(Type.Number()),
    writeBytes: Type.Optional(Type.Number()),
    rcharBytes: Type.Optional(Type.Number()),
    wcharBytes: Type.Optional(Type.Number()),
    voluntarySwitches: Type.Optional(Type.Number()),
    involuntarySwitches: Type.Optional(Type.Number()),
    runDelaySeconds: Type.Optional(Type.Number()),
    blockIoDelaySeconds: Type.Optional(Type.Number()),
    threadUninterruptibleSeconds: Type.Optional(Type.Number()),
    waitLockSeconds: Type.Optional(Type.Number()),
    waitDiskSeconds: Type.Optional(Type.Number()),
    waitNetworkSeconds: Type.Optional(Type.Number()),
    waitPipeSeconds: Type.Optional(Type.Number()),
    waitTimerSeconds: Type.Optional(Type.Number()),
    waitChildSeconds: Type.Optional(Type.Number()),
    minorFaults: Type.Optional(Type.Number()),
    majorFaults: Type.Optional(Type.Number()),
    peakThreads: Type.Optional(Type.Integer()),
    peakOpenFiles: Type.Optional(Type.Integer()),
    samples: Type.Integer({
      description: 'Samples that this was made from; of a long run, the cells that stand for them',
    }),
  },
  { $id: 'Process', additionalProperties: false },
);
export type ProcessView = Static<typeof ProcessView>;
export const ProcessesPage = Type.Object(
  { processes: Type.Array(ProcessView) },
  { $id: 'ProcessesPage', additionalProperties: false },
);
export type ProcessesPage = Static<typeof ProcessesPage>;

export const SeriesQuery = Type.Object(
  {
    columns: Type.String({ description: 'Column names, separated by commas; see docs/metrics.md' }),
    processes: Type.Optional(
      Type.String({
        description:
          'Process keys, separated by commas; `containers`, `hosts`, `devices`, `volumes` or `outputs` for those subjects; default: every process',
      }),
    ),
    together: Type.Optional(
      Type.Enum(['others', 'containers'], {
        description:
          'Adds up processes of the run, the agent left out: `others` answers one more line (key `others`) for all that `processes` does not name; `containers` a line for each container',
      }),
    ),
    only: Type.Optional(
      Type.Enum(['mean'], {
        description: 'Leaves `min` and `max` out, which is a third of what is read and sent of a long run',
      }),
    ),
    from: Type.Optional(Type.Number({ description: 'ms since the start of the run' })),
    to: Type.Optional(Type.Number({ description: 'ms since the start of the run' })),
    points: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 500 })),
  },
  { $id: 'SeriesQuery', additionalProperties: false },
);
export type SeriesQuery = Static<typeof SeriesQuery>;

/** Numbers of one bucket per entry; null where the bucket holds no sample. */
const Points = Type.Array(Type.Union([Type.Number(), Type.Null()]));

/**
 * One column of one subject. Gauges: the least, greatest and mean level of each bucket. Counters: the least,
 * greatest and mean **rate** (unit per second) between the samples of each bucket. No peak is lost. Of processes added
 * up, least and greatest are bounds: the sums of those of each.
 */
export const SeriesLine = Type.Object(
  {
    subject: Type.Enum(['process', 'container', 'host', 'device', 'volume', 'output']),
    key: Type.String({
      description:
        'process key (`others`: several together), container name, member name, device, mount path or name of the output; after its container and a colon where it is of one',
    }),
    name: Type.Optional(
      Type.String({ description: 'Name of a device or of a volume in its pod, where known' }),
    ),
    column: Type.String(),
    kind: Type.Enum(['counter', 'gauge']),
    unit: Type.String(),
    min: Type.Optional(Points),
    max: Type.Optional(Points),
    mean: Points,
  },
  { $id: 'SeriesLine', additionalProperties: false },
);
export type SeriesLine = Static<typeof SeriesLine>;

export const SeriesAnswer = Type.Object(
  {
    fromMs: Type.Number(),
    toMs: Type.Number(),
    /** Start of each bucket, ms since the start of the run. */
    times: Type.Array(Type.Number()),
    lines: Type.Array(SeriesLine),
    gaps: Type.Array(Type.Object({ atMs: Type.Number(), missed: Type.Integer() })),
  },
  { $id: 'Series', additionalProperties: false },
);
export type SeriesAnswer = Static<typeof SeriesAnswer>;

export const exportFormats = ['json', 'ndjson', 'csv', 'parquet', 'trace', 'openmetrics', 'html'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const ExportQuery = Type.Object(
  { format: Type.Optional(Type.Enum([...exportFormats], { default: 'json' })) },
  { $id: 'ExportQuery', additionalProperties: false },
);
export type ExportQuery = Static<typeof ExportQuery>;

export const RunPatch = Type.Object(
  {
    tags: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String({ maxLength: 256 }), Type.Null()])),
    ),
    note: Type.Optional(Type.Union([Type.String({ maxLength: 4096 }), Type.Null()])),
    pinned: Type.Optional(Type.Boolean()),
  },
  { $id: 'RunPatch', additionalProperties: false, minProperties: 1 },
);
export type RunPatch = Static<typeof RunPatch>;

export const RunEventsPage = Type.Object(
  { events: Type.Array(RunEvent) },
  { $id: 'RunEventsPage', additionalProperties: false },
);
export type RunEventsPage = Static<typeof RunEventsPage>;

export const BatchAcknowledgement = Type.Object(
  {
    agent: Type.String(),
    sequence: Type.Integer({ minimum: 0, description: 'The last batch of this agent that is safe on disk' }),
    duplicate: Type.Boolean(),
  },
  { $id: 'BatchAcknowledgement', additionalProperties: false },
);
export type BatchAcknowledgement = Static<typeof BatchAcknowledgement>;

/** RFC 9457. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'Address of the error in the docs' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: 'A code of docs/errors.md' }),
    mend: Type.String({ description: 'What to do about it' }),
  },
  { $id: 'Problem', additionalProperties: false },
);
export type Problem = Static<typeof Problem>;
