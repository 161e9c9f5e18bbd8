/** What the API server tells of the pods of a run. Times are ISO 8601 in UTC. */
import Type, { type Static } from 'typebox';
import { RunOutcome } from './run.ts';

const Moment = Type.String({ format: 'date-time' });

/** As a pod spec has them: quantities. */
export const ResourceAmounts = Type.Object(
  { cpu: Type.Optional(Type.String()), memory: Type.Optional(Type.String()) },
  { additionalProperties: false },
);
export type ResourceAmounts = Static<typeof ResourceAmounts>;

/** One time that a container ran, from its start to its end. */
export const ContainerSpell = Type.Object(
  {
    id: Type.Optional(Type.String({ description: 'What the container runtime calls it' })),
    startedAt: Type.Optional(Moment),
    finishedAt: Type.Optional(Moment),
    exitCode: Type.Optional(Type.Integer()),
    signal: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String({ description: 'OOMKilled, Error, Completed, …' })),
  },
  { additionalProperties: false },
);
export type ContainerSpell = Static<typeof ContainerSpell>;

export const PodContainer = Type.Object(
  {
    name: Type.String(),
    /** `sidecar`: an init container that is started again for as long as the pod lives. */
    role: Type.Enum(['main', 'init', 'sidecar']),
    image: Type.String(),
    imageId: Type.Optional(Type.String()),
    requests: Type.Optional(ResourceAmounts),
    limits: Type.Optional(ResourceAmounts),
    restarts: Type.Integer({ minimum: 0 }),
    waiting: Type.Optional(
      Type.String({ description: 'Why it does not run now: ImagePullBackOff, CrashLoopBackOff, …' }),
    ),
    spells: Type.Array(ContainerSpell, {
      description: 'Each time that it ran, oldest first; of many restarts the newest 20 that were seen',
    }),
  },
  { additionalProperties: false },
);
export type PodContainer = Static<typeof PodContainer>;

/** What a controller of the cluster is called, as Events name it. */
export const OwnerReference = Type.Object(
  { apiVersion: Type.String(), kind: Type.String(), name: Type.String(), uid: Type.String() },
  { additionalProperties: false },
);
export type OwnerReference = Static<typeof OwnerReference>;

export const Pod = Type.Object(
  {
    name: Type.String(),
    uid: Type.String(),
    node: Type.Optional(Type.String()),
    owner: Type.Optional(OwnerReference),
    phase: Type.Enum(['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown']),
    reason: Type.Optional(Type.String({ description: 'Evicted, DeadlineExceeded, …' })),
    message: Type.Optional(Type.String({ maxLength: 1024 })),
    createdAt: Type.Optional(Moment),
    scheduledAt: Type.Optional(Moment),
    readyAt: Type.Optional(Type.String({ format: 'date-time', description: 'For the first time' })),
    /** When it was asked to end. */
    deletedAt: Type.Optional(Moment),
    /** Why the cluster took it away: PreemptionByScheduler, EvictionByEvictionAPI, DeletionByTaintManager, … */
    disruption: Type.Optional(
      Type.Object(
        { at: Moment, reason: Type.String(), message: Type.Optional(Type.String({ maxLength: 1024 })) },
        { additionalProperties: false },
      ),
    ),
    goneAt: Type.Optional(
      Type.String({ format: 'date-time', description: 'When the aggregator saw that it is there no more' }),
    ),
    outcome: Type.Optional(RunOutcome),
    containers: Type.Array(PodContainer, { description: "All but the agent's own" }),
  },
  { $id: 'Pod', additionalProperties: false },
);
export type Pod = Static<typeof Pod>;
