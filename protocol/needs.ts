/** What `GET /v1/needs` is asked and answers: what the containers of a workload needed, over several of its runs. */
import Type, { type Static } from 'typebox';
import { ResourceAmounts } from './pods.ts';
import { Workload } from './run.ts';

export const NeedsQuery = Type.Object(
  {
    workload: Type.String({ description: 'Workload name' }),
    runs: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 200,
        default: 10,
        description: 'Look at the newest so many good runs',
      }),
    ),
  },
  { $id: 'NeedsQuery', additionalProperties: false },
);
export type NeedsQuery = Static<typeof NeedsQuery>;

const Need = Type.Object({ p95: Type.Number(), peak: Type.Number() });
export type Need = Static<typeof Need>;

export const ContainerNeed = Type.Object(
  {
    name: Type.String(),
    cpuCores: Need,
    /** Without the page cache, which the kernel takes back before it kills. */
    memoryBytes: Need,
    limits: Type.Object(
      { cpuCores: Type.Optional(Type.Number()), memoryBytes: Type.Optional(Type.Number()) },
      { description: 'As the cgroup of the newest run had them; absent: none' },
    ),
    set: Type.Optional(
      Type.Object(
        { requests: Type.Optional(ResourceAmounts), limits: Type.Optional(ResourceAmounts) },
        { description: "As the newest pod's spec has them; absent where no pod is known" },
      ),
    ),
    runs: Type.Integer({ description: 'Runs in which it was measured' }),
    samples: Type.Integer({ description: 'Readings of all runs and members together' }),
  },
  { $id: 'ContainerNeed', additionalProperties: false },
);
export type ContainerNeed = Static<typeof ContainerNeed>;

export const WorkloadNeeds = Type.Object(
  {
    workload: Workload,
    runs: Type.Array(Type.String(), { description: 'WORKLOAD@N of the runs looked at, newest first' }),
    containers: Type.Array(ContainerNeed),
  },
  { $id: 'WorkloadNeeds', additionalProperties: false },
);
export type WorkloadNeeds = Static<typeof WorkloadNeeds>;
