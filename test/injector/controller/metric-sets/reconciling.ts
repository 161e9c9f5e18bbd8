/** A MetricSet in an API server double, with a reconciler that is called as the controller's loop calls it. */
import type { TestContext } from 'node:test';
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { byAge, metricSetFacts } from '../../../../injector/cluster/metric-set-facts.ts';
import type { ObjectEvent } from '../../../../injector/cluster/object-events.ts';
import {
  MetricSetReconciler,
  type Reconciled,
} from '../../../../injector/controller/metric-sets/reconciler.ts';
import { ApiAccess, failureStatus } from '../../../../lib/cluster/api-access.ts';
import type { MetricSetStatus } from '../../../../protocol/metric-set.ts';
import { type ApiServer, startApiServer } from '../../../api-server/api-server.ts';
import type { StoredObject } from '../../../api-server/object-store.ts';
import { image, START_MS, UID } from './storage-case.ts';

export const SETS = 'podometer.dev/v1alpha1 metricsets';
export const JOBS = 'batch/v1 jobs';
export const JOB_SETS = 'jobset.x-k8s.io/v1alpha2 jobsets';
export const CLAIMS = 'v1 persistentvolumeclaims';
export const PODS = 'v1 pods';
const NAMESPACE = 'team-a';

export interface Reconciling {
  readonly server: ApiServer;
  readonly clock: { atMs: number };
  readonly events: readonly ObjectEvent[];
  /** Writes the MetricSet `fast`; its generation grows where the spec is another. */
  write(spec: object, annotations?: Record<string, string>): void;
  /** Until nothing is to be done at once. Answers what the last call did. Calls again where somebody was faster. */
  settle(name?: string): Promise<Reconciled>;
  status(name?: string): MetricSetStatus;
  names(resource: string): string[];
  /** As the Job controller and the kubelet would. */
  endJob(name: string, how: 'Complete' | 'Failed', message: string): void;
}

export async function reconciling(
  t: TestContext,
  resources: readonly string[] = [SETS],
): Promise<Reconciling> {
  const server = await startApiServer(t);
  for (const resource of resources) server.store.define(resource);
  const clock = { atMs: START_MS };
  const time = { monotonicMs: () => clock.atMs, wallMs: () => clock.atMs };
  server.wallMs = time.wallMs;
  const events: ObjectEvent[] = [];
  const list = <T>(resource: string): T[] => server.store.list(resource, NAMESPACE) as unknown as T[];
  const reconciler = new MetricSetReconciler({
    cluster: server.configure(new ApiAccess(time)),
    clock: time,
    image,
    pods: () => list<V1Pod>(PODS),
    metricSets: () => list<StoredObject>(SETS).toSorted(byAge).map(metricSetFacts),
    tell: (event) => void events.push(event),
  });
  const get = (resource: string, name: string): StoredObject & Record<string, unknown> => {
    const found = server.store.get(resource, NAMESPACE, name);
    if (found === undefined) throw new Error(`there is no ${resource} ${name}`);
    return { ...found };
  };
  let generation = 0;
  return {
    server,
    clock,
    events,
    write: (spec, annotations = {}) => {
      const before = server.store.get(SETS, NAMESPACE, 'fast') as
        | { spec?: object; status?: object }
        | undefined;
      if (JSON.stringify(before?.spec) !== JSON.stringify(spec)) generation++;
      const metadata = { name: 'fast', namespace: NAMESPACE, uid: UID, generation, annotations };
      server.store.put(SETS, { metadata, ...{ spec, status: before?.status } });
    },
    settle: async (name = 'fast') => {
      for (let calls = 0; calls < 20; calls++) {
        const version = server.store.version;
        const done = await reconciler.reconcile(NAMESPACE, name).catch((error: unknown) => {
          if (failureStatus(error) === 409) return undefined;
          throw error;
        });
        if (done !== undefined && version === server.store.version && done.againInMs !== 0) return done;
      }
      throw new Error('it never settles');
    },
    status: (name = 'fast') => get(SETS, name).status as MetricSetStatus,
    names: (resource) => list<StoredObject>(resource).map(({ metadata }) => metadata.name ?? ''),
    endJob: (name, how, message) => {
      const job = get(JOBS, name);
      const lastTransitionTime = new Date(clock.atMs).toISOString();
      const counts = how === 'Complete' ? { succeeded: 1 } : { failed: 1 };
      server.store.put(JOBS, {
        ...job,
        ...{ status: { ...counts, conditions: [{ type: how, status: 'True', lastTransitionTime }] } },
      });
      const terminated = { exitCode: how === 'Complete' ? 0 : 1, message };
      server.store.put(PODS, {
        metadata: {
          name: `${name}-0-x`,
          namespace: NAMESPACE,
          labels: { ...job.metadata.labels },
          ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name, uid: job.metadata.uid ?? '' }],
        },
        ...{
          spec: { nodeName: 'a-node', volumes: (job as V1Job).spec?.template.spec?.volumes },
          status: {
            phase: how === 'Complete' ? 'Succeeded' : 'Failed',
            containerStatuses: [{ name: 'storage', state: { terminated } }],
          },
        },
      });
    },
  };
}
