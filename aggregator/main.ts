/** The aggregator of a namespace, from its start until it is told to stop. */
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import type { KubeConfig } from '@kubernetes/client-node';
import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../lib/clock.ts';
import { followCertificate } from '../lib/key-pair-folder.ts';
import { stopped } from '../lib/stopped.ts';
import { AgentRates } from './access/agent-rates.ts';
import { ClusterAccess, type Denial } from './access/cluster-access.ts';
import { Permissions } from './access/permissions.ts';
import { TokenIdentity } from './access/token-identity.ts';
import { type ClusterPaces, ClusterWatch } from './cluster/cluster-watch.ts';
import type { AggregatorConfig } from './config.ts';
import { forwarderOf, retentionPolicyOf } from './keeper-settings.ts';
import { LiveRuns } from './live/live-runs.ts';
import type { StateOf } from './query/run-view.ts';
import { buildServer } from './server.ts';
import type { KeptStore } from './store/model.ts';
import { openStore } from './store/open.ts';
import { runState } from './store/run-state.ts';
import { Upkeep } from './upkeep.ts';

const LOOK_AT_CERTIFICATE_MS = 10_000;
const UPKEEP_MS = 60_000;
const TLS: SecureContextOptions = { minVersion: 'TLSv1.2' };

export interface AggregatorParts {
  readonly config: AggregatorConfig;
  readonly cluster: KubeConfig;
  readonly clock: Clock;
  /** Of Podometer. */
  readonly version: string;
  /** The built page. */
  readonly pageFolder: string;
  readonly logger: FastifyBaseLogger;
  readonly log: (message: string) => void;
  /** Aborted when the pod is told to stop. */
  readonly stop: AbortSignal;
  readonly onListening?: (port: number) => void;
  readonly certificateEveryMs?: number;
  readonly clusterPaces?: ClusterPaces;
  readonly firstRetryMs?: number;
}

/** Resolves when it was told to stop and what was under way is done. Throws where it cannot listen or open its store. */
export async function runAggregator(parts: AggregatorParts): Promise<void> {
  const { config, clock, stop, log } = parts;
  const store = await openStore(config.data, { clock });
  const stateOf: StateOf = (record) => runState(record, clock.wallMs(), () => undefined);
  const live = new LiveRuns(store, () => clock.wallMs());
  const forwarder = forwarderOf(config, { live, clock, dataFolder: store.folder, log });
  const upkeep = new Upkeep({
    store,
    stateOf,
    clock,
    retention: retentionPolicyOf(config),
    everyMs: UPKEEP_MS,
    failed: (error) => log(`the history could not be sealed: ${error}`),
    told: log,
  });
  const app = await buildServer({
    store,
    live,
    clock,
    stateOf,
    access: accessOf(parts, store),
    tls: TLS,
    pageFolder: parts.pageFolder,
    version: parts.version,
    logger: parts.logger,
  });
  const watch = clusterWatchOf(parts, store, stateOf);
  const following = followServerCertificate(parts, app.server as unknown as Server);
  try {
    await app.listen({ port: config.port, ...(config.host !== undefined && { host: config.host }) });
    parts.onListening?.((app.server.address() as AddressInfo).port);
    upkeep.start();
    watch.start();
    forwarder?.start();
    await stopped(stop);
    log('told to stop: answers what was asked');
  } finally {
    await app.close();
    await watch.stop();
    await upkeep.stop();
    await forwarder?.stop();
    await store.close();
  }
  await following;
}

function clusterWatchOf(parts: AggregatorParts, store: KeptStore, stateOf: StateOf): ClusterWatch {
  const { config, cluster, clock, log, clusterPaces, firstRetryMs } = parts;
  return new ClusterWatch({
    store,
    stateOf,
    cluster,
    clock,
    namespace: config.namespace,
    log,
    ...(clusterPaces && { paces: clusterPaces }),
    ...(firstRetryMs !== undefined && { firstRetryMs }),
  });
}

function accessOf({ config, cluster, clock, log }: AggregatorParts, store: KeptStore): ClusterAccess {
  const { namespace } = config;
  return new ClusterAccess({
    namespace,
    tokens: new TokenIdentity(cluster, clock),
    permissions: new Permissions(cluster, clock, namespace),
    rates: new AgentRates(clock),
    memberOf: (agent) => store.member(agent),
    onDenied: (denial) => log(auditLine(denial, clock)),
  });
}

function auditLine(denial: Denial, clock: Clock): string {
  return JSON.stringify({ audit: 'denied', at: new Date(clock.wallMs()).toISOString(), ...denial });
}

async function followServerCertificate(parts: AggregatorParts, server: Server): Promise<void> {
  const { config, log, stop, certificateEveryMs = LOOK_AT_CERTIFICATE_MS } = parts;
  await followCertificate({
    folder: config.certificateFolder,
    everyMs: certificateEveryMs,
    onPair: ({ certificate, key, endMs }) => {
      server.setSecureContext({ ...TLS, cert: certificate, key });
      log(`the certificate is valid until ${new Date(endMs).toISOString()}`);
    },
    log,
    stop,
  });
}
