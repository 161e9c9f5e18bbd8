/** A view of an API server double, as the injector has of its cluster. */
import type { TestContext } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { ClusterView } from '../../../injector/cluster/cluster-view.ts';
import type { ClusterFacts } from '../../../injector/inject/facts.ts';
import type { AdmissionRequest } from '../../../injector/webhook/review.ts';
import { systemClock } from '../../../lib/clock.ts';
import { ApiAccess } from '../../../lib/cluster/api-access.ts';
import type { ApiServer } from '../../api-server/api-server.ts';

export const FIRST_RETRY_MS = 10;

export interface Viewing {
  readonly view: ClusterView;
  readonly logged: readonly string[];
  /** What is known for a labelled pod, with these owners, in `team-a`. */
  facts(given?: Partial<AdmissionRequest>, waitMs?: number): Promise<ClusterFacts | undefined>;
}

export function view(t: TestContext, server: ApiServer, lookupMs = 1000): Viewing {
  const logged: string[] = [];
  const cluster = new ClusterView({
    cluster: server.configure(new ApiAccess(systemClock)),
    clock: systemClock,
    lookupMs,
    firstRetryMs: FIRST_RETRY_MS,
    log: (message) => void logged.push(message),
  });
  t.after(() => cluster.close());
  return {
    view: cluster,
    logged,
    facts: (given = {}, waitMs = 5000) =>
      cluster.gather({ ...request, ...given }, systemClock.monotonicMs() + waitMs),
  };
}

export async function viewSynced(t: TestContext, server: ApiServer, lookupMs?: number): Promise<Viewing> {
  const viewing = view(t, server, lookupMs);
  await until(() => viewing.view.missing().length === 0);
  return viewing;
}

export const request: AdmissionRequest = {
  uid: 'u',
  operation: 'CREATE',
  dryRun: false,
  namespace: 'team-a',
  pod: { metadata: { labels: { 'podometer.dev/profile': 'true' } } },
};

/** A labelled pod of this controller. */
export function ownedBy(
  kind: string,
  name: string,
  uid: string,
  apiVersion = 'apps/v1',
): AdmissionRequest['pod'] {
  const ownerReferences = [{ apiVersion, kind, name, uid, controller: true }];
  return { metadata: { labels: { 'podometer.dev/profile': 'true' }, ownerReferences } };
}

/** Throws where it does not come true within 10 s. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < 2000; looks++) {
    if (await condition()) return;
    await after(5);
  }
  throw new Error(`it never came true: ${condition}`);
}
