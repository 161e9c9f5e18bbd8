/** A namespace with pods and an aggregator that watches them, agents that send, and a clock that can be set forward. */
import { createHash } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { V1Pod } from '@kubernetes/client-node';
import { type Clock, systemClock } from '../../../lib/clock.ts';
import type { Batch } from '../../../protocol/batch.ts';
import type { RunView } from '../../../protocol/query.ts';
import type { RunEvent, Workload } from '../../../protocol/run.ts';
import { type ApiServer, startApiServer } from '../../api-server/api-server.ts';
import type { GivenObject } from '../../api-server/object-store.ts';
import { answerReviews, type KnownToken } from '../../api-server/reviews.ts';
import { until } from '../../injector/cluster/viewing.ts';
import { podToken, type RunningAggregator, startAggregator } from '../running-aggregator.ts';
import { batchOf, bytesOf, declarationOf } from '../store/sample-batches.ts';
import { atMs, JOB_UID } from './pod-fixtures.ts';

export interface AgentBatch {
  readonly pod: string;
  readonly run?: string;
  readonly kind?: Workload['kind'];
  readonly sequence?: number;
  /** Second 2 by default. */
  readonly startedAtMs?: number;
  readonly change?: Partial<Batch>;
}

export interface WatchedNamespace {
  readonly api: ApiServer;
  readonly aggregator: RunningAggregator;
  putPod(pod: V1Pod): void;
  removePod(name: string): void;
  putJob(job: object): void;
  /** The pod's agent sends a batch; its first declares the run. */
  send(batch: AgentBatch): Promise<void>;
  skip(ms: number): void;
  run(id?: string): Promise<RunView>;
  /** The run once it is as it should be. */
  runWhen(is: (run: RunView) => boolean, id?: string): Promise<RunView>;
  events(id?: string): Promise<RunEvent[]>;
  /** Stops the aggregator, and starts another one over its history. */
  restart(meanwhile?: () => void): Promise<void>;
}

/** `prepare`: what the API server is to have before the aggregator begins. */
export async function watchedNamespace(
  t: TestContext,
  prepare: (api: ApiServer) => void = () => {},
): Promise<WatchedNamespace> {
  const api = await startApiServer(t);
  prepare(api);
  const tokens = new Map<string, KnownToken>([['reader', { username: 'rita' }]]);
  answerReviews(api, tokens, () => true);
  let skippedMs = 0;
  const offsetMs = atMs(100) - systemClock.wallMs();
  const clock: Clock = {
    monotonicMs: () => systemClock.monotonicMs() + skippedMs,
    wallMs: () => systemClock.wallMs() + offsetMs + skippedMs,
  };
  let aggregator = await startAggregator(t, { api, clock });
  const read = async (path: string): Promise<unknown> => {
    const { status, body } = await aggregator.ask('GET', path, 'reader');
    if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
    return JSON.parse(body);
  };
  const run = async (id = JOB_UID) => (await read(`/v1/runs/${id}`)) as RunView;
  return {
    api,
    get aggregator() {
      return aggregator;
    },
    putPod: (pod) => void api.store.put('v1 pods', pod as GivenObject),
    removePod: (name) => void api.store.remove('v1 pods', 'team', name),
    putJob: (job) => void api.store.put('batch/v1 jobs', job as GivenObject),
    async send({ pod, run: id = JOB_UID, kind = 'Job', sequence = 0, startedAtMs = atMs(2), change }) {
      tokens.set(pod, podToken(pod));
      const declaration = declarationOf({
        member: pod,
        podUid: `uid-of-${pod}`,
        startedAtMs,
        workload: { kind, name: 'train', namespace: 'team' },
      });
      const batch = batchOf(
        sequence,
        { run: id },
        {
          agent: createHash('md5').update(`${pod} ${id}`).digest('hex'),
          epochMs: startedAtMs,
          ...(sequence === 0 && { declaration }),
          ...change,
        },
      );
      const delivery = await aggregator.send(pod, bytesOf(batch));
      if (delivery.kind !== 'acknowledged') throw new Error(JSON.stringify(delivery));
    },
    skip(ms) {
      skippedMs += ms;
    },
    run,
    async runWhen(is, id) {
      await until(async () => is(await run(id)));
      return run(id);
    },
    async events(id = JOB_UID) {
      return ((await read(`/v1/runs/${id}/events`)) as { events: RunEvent[] }).events;
    },
    async restart(meanwhile = () => {}) {
      aggregator.stop.abort();
      await aggregator.ended;
      meanwhile();
      aggregator = await startAggregator(t, { api, clock, folder: aggregator.folder });
    },
  };
}
