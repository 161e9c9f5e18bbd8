/** What `GET /v1/workloads/{name}/rightsize` answers. */
import Type, { type Static } from 'typebox';
import { Finding } from './findings.ts';
import { ResourceAmounts } from './pods.ts';
import { Workload } from './run.ts';

export const RightsizeQuery = Type.Object(
  {
    runs: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 200,
        default: 10,
        description: 'How many of the newest good runs count',
      }),
    ),
    headroom: Type.Optional(
      Type.Number({ minimum: 0, maximum: 10, default: 0.2, description: 'Above the peak, as a share' }),
    ),
  },
  { $id: 'RightsizeQuery', additionalProperties: false },
);
export type RightsizeQuery = Static<typeof RightsizeQuery>;

/** Cores and bytes. */
const Need = Type.Object({ p95: Type.Number(), peak: Type.Number() }, { additionalProperties: false });

const Resources = Type.Object(
  { requests: Type.Optional(ResourceAmounts), limits: Type.Optional(ResourceAmounts) },
  { additionalProperties: false },
);

export const RightsizeAnswer = Type.Object(
  {
    workload: Workload,
    runs: Type.Array(Type.String(), { description: 'The good runs that it rests on, newest first' }),
    headroom: Type.Number(),
    containers: Type.Array(
      Type.Object({
        need: Type.Object({
          name: Type.String(),
          cpuCores: Need,
          memoryBytes: Need,
          limits: Type.Object(
            { cpuCores: Type.Optional(Type.Number()), memoryBytes: Type.Optional(Type.Number()) },
            { description: 'As the cgroup had them' },
          ),
          runs: Type.Integer(),
          samples: Type.Integer(),
        }),
        set: Resources,
        advised: Resources,
      }),
    ),
    findings: Type.Array(Finding),
  },
  { $id: 'Rightsize', additionalProperties: false },
);
export type RightsizeAnswer = Static<typeof RightsizeAnswer>;
