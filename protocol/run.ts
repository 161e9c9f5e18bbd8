import Type, { type Static } from 'typebox';
import {
  LEAST_INTERVAL_MS,
  LONGEST_TAG_VALUE,
  MOST_INTERVAL_MS,
  MOST_TAGS,
  TAG_KEY_PATTERN,
} from './limits.ts';
import { workloadKinds } from './workload-kinds.ts';

/** Facts about the machine that a run was measured on; two runs on unlike hosts are not compared without a word. */
export const HostFacts = Type.Object(
  {
    hostname: Type.String(),
    bootId: Type.Optional(Type.String({ description: '/proc/sys/kernel/random/boot_id' })),
    platform: Type.String({ description: 'linux, darwin or win32' }),
    architecture: Type.String(),
    kernel: Type.String({ description: 'Kernel release, as `uname -r`' }),
    distribution: Type.Optional(Type.String()),
    cpuModel: Type.String(),
    cores: Type.Integer({ minimum: 1, description: 'Logical CPUs' }),
    physicalCores: Type.Optional(Type.Integer({ minimum: 1 })),
    memoryBytes: Type.Integer({ minimum: 0 }),
    virtualization: Type.Optional(
      Type.String({ description: 'Hypervisor or container engine, where one is seen' }),
    ),
  },
  { $id: 'HostFacts', additionalProperties: false },
);
export type HostFacts = Static<typeof HostFacts>;

/** What a person labels. A local command's workload is its name, by default the command's base name. */
export const Workload = Type.Object(
  {
    kind: Type.Enum([...workloadKinds]),
    name: Type.String({ minLength: 1, maxLength: 253 }),
    namespace: Type.Optional(Type.String({ maxLength: 63 })),
  },
  { $id: 'Workload', additionalProperties: false },
);
export type Workload = Static<typeof Workload>;

export const Tags = Type.Record(
  Type.String({ pattern: TAG_KEY_PATTERN }),
  Type.String({ maxLength: LONGEST_TAG_VALUE }),
  { maxProperties: MOST_TAGS, additionalProperties: false },
);
export type Tags = Static<typeof Tags>;

/** What an agent says of its run and member in its first batch. */
export const RunDeclaration = Type.Object(
  {
    workload: Workload,
    startedAtMs: Type.Integer({ minimum: 0, description: 'Wall clock, ms since the Unix epoch' }),
    member: Type.String({
      minLength: 1,
      maxLength: 253,
      description: 'Pod name, or the host name of a local run',
    }),
    podUid: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'In a pod: its uid' })),
    intervalMs: Type.Integer({
      minimum: LEAST_INTERVAL_MS,
      maximum: MOST_INTERVAL_MS,
      description: 'The interval that was asked for',
    }),
    metrics: Type.Array(Type.String(), { maxItems: 32 }),
    command: Type.Optional(Type.Array(Type.String(), { maxItems: 4096, description: 'Local runs only' })),
    tags: Type.Optional(Tags),
    host: Type.Optional(HostFacts),
    agentVersion: Type.String(),
    writer: Type.Optional(
      Type.Object(
        { pid: Type.Integer({ minimum: 1 }), bootId: Type.String() },
        {
          description:
            'Local runs: who writes, so that a reader on the same boot can tell at once that it died',
        },
      ),
    ),
  },
  { $id: 'RunDeclaration', additionalProperties: false },
);
export type RunDeclaration = Static<typeof RunDeclaration>;

/** How a run or a member of it ended, as far as its agent could see, and in a cluster as the API server tells. */
export const RunOutcome = Type.Object(
  {
    endedAtMs: Type.Integer({ minimum: 0 }),
    exitCode: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
    signal: Type.Optional(Type.String({ pattern: '^SIG[A-Z0-9]+$' })),
    /**
     * `detached`: the measuring ended before the process did (Ctrl-C on --pid). `unknown`: not our child. In a cluster
     * also: `failed`, where no exit code tells how; `deleted`: taken away before its end; `stopped`: a revision of a
     * Deployment, StatefulSet or DaemonSet whose last pod is gone.
     */
    reason: Type.Enum(['exited', 'signalled', 'detached', 'unknown', 'failed', 'deleted', 'stopped']),
    cause: Type.Optional(
      Type.String({
        maxLength: 128,
        description: "The API server's word for it: OOMKilled, Evicted, DeadlineExceeded, …",
      }),
    ),
  },
  { $id: 'RunOutcome', additionalProperties: false },
);
export type RunOutcome = Static<typeof RunOutcome>;

export const eventKinds = [
  'gap',
  'interval',
  'exec',
  'oom',
  'warning',
  'restart',
  'eviction',
  'regression',
] as const;

/**
 * Something that happened at one moment of a run. `gap`: ticks were missed (`value`: how many). `interval`: the CPU
 * budget set another interval (`value`: ms). `exec`: a process became another program. `oom`: a kill by the kernel.
 * From the API server: `oom` of a container, `restart` of one (`value`: which), `eviction` of a pod. `regression`: the
 * run used more than its workload usually does.
 */
export const RunEvent = Type.Object(
  {
    atMs: Type.Integer({ description: 'ms since the start of the run' }),
    kind: Type.Enum([...eventKinds]),
    process: Type.Optional(Type.Integer({ minimum: 0, description: 'Index of the process in its agent' })),
    value: Type.Optional(Type.Number()),
    message: Type.String({ maxLength: 1024 }),
  },
  { $id: 'RunEvent', additionalProperties: false },
);
export type RunEvent = Static<typeof RunEvent>;
