/** The injector, from its start until it is told to stop. */
import { hostname } from 'node:os';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '../lib/clock.ts';
import { followCertificate, type KeyPair } from '../lib/key-pair-folder.ts';
import { stopped } from '../lib/stopped.ts';
import { Certificates } from './certificates/certificates.ts';
import { ClusterView } from './cluster/cluster-view.ts';
import { ObjectEvents } from './cluster/object-events.ts';
import { skipEvent } from './cluster/skip-event.ts';
import type { InjectorConfig } from './config.ts';
import { type ControllerOptions, runController } from './controller/controller.ts';
import { takePart } from './controller/leader.ts';
import { aggregatorSettings } from './controller/settings.ts';
import { admitPod } from './inject/admit.ts';
import { injectSettings } from './inject-settings.ts';
import { admitter, type Policy, type SkippedPod } from './webhook/admitter.ts';
import { HealthServer } from './webhook/health-server.ts';
import { InjectorMetrics } from './webhook/metrics.ts';
import { WebhookServer } from './webhook/server.ts';

const LOOK_AT_CERTIFICATE_MS = 10_000;

export interface InjectorParts {
  readonly config: InjectorConfig;
  /** Of Podometer. */
  readonly version: string;
  /** What decides about a pod; by default `admitPod`. */
  readonly policy?: Policy;
  readonly cluster: KubeConfig;
  readonly clock: Clock;
  readonly log: (message: string) => void;
  /** Aborted when the pod is told to stop. */
  readonly stop: AbortSignal;
  /** Called once it listens. */
  readonly onListening?: (ports: { readonly port: number; readonly healthPort: number }) => void;
  readonly certificateEveryMs?: number;
}

/** Resolves when it was told to stop and every review in flight is answered. Throws where it cannot listen. */
export async function runInjector(parts: InjectorParts): Promise<void> {
  const { config, version, cluster, clock, log, stop, certificateEveryMs = LOOK_AT_CERTIFICATE_MS } = parts;
  const settings = injectSettings(config, version, config.namespace);
  const metrics = new InjectorMetrics();
  const view = new ClusterView({ cluster, clock, lookupMs: config.lookupMs, log });
  const events = new ObjectEvents({ cluster, clock, log, onOutcome: (outcome) => metrics.event(outcome) });
  let hasCertificate = false;
  const serve = (pair: KeyPair): void => {
    webhook.useCertificate(pair);
    metrics.certificate(pair.endMs);
    hasCertificate = true;
    log(`the certificate is valid until ${new Date(pair.endMs).toISOString()}`);
  };
  const certificates = certificatesOf(parts, serve);
  // Agents that begin now are told whom to trust now.
  const settingsNow = () => ({ ...settings, ca: certificates?.bundle ?? settings.ca });
  const policy: Policy = parts.policy ?? ((request) => admitPod({ ...request, settings: settingsNow() }));
  const missing = (): string[] => [
    ...(stop.aborted ? ['it is about to end'] : []),
    ...(hasCertificate || certificates ? [] : [`no certificate in ${config.certificateFolder}`]),
    ...(certificates?.missing() ?? []),
    ...view.missing(),
  ];
  const onSkip = (pod: SkippedPod): void => {
    const event = skipEvent(pod);
    if (event !== undefined) events.tell(event);
  };
  const admit = admitter({ policy, facts: view, metrics, clock, log, onSkip });
  const webhook = new WebhookServer({ admit, metrics, clock, missing, log });
  const health = new HealthServer({ metrics, missing });
  const controlling =
    config.controller === 'on'
      ? control(parts, {
          inject: settings,
          facts: view,
          certificates,
          tell: (event) => events.tell(event),
          onSlipped: (namespace, count) => metrics.slippedThrough(namespace, count),
        })
      : undefined;
  const folder = config.certificateFolder;
  const following =
    certificates?.run() ??
    followCertificate({ folder, everyMs: certificateEveryMs, onPair: serve, log, stop });
  try {
    const healthPort = await health.listen(config.healthPort, config.host);
    const port = await webhook.listen(config.port, config.host);
    parts.onListening?.({ port, healthPort });
    await stopped(stop);
    log(`told to stop: takes reviews for ${config.drainMs / 1000} s more`);
    await webhook.close(config.drainMs, config.graceMs);
  } finally {
    await Promise.all([health.close(), view.close()]);
  }
  await Promise.all([following, controlling]);
}

/** Undefined where the certificate is somebody else's, and comes in files. */
function certificatesOf(parts: InjectorParts, onPair: (pair: KeyPair) => void): Certificates | undefined {
  const { config, cluster, clock, log, stop, certificateEveryMs } = parts;
  const { certificates: mode, namespace, caSecret: secret, service, webhookConfiguration } = config;
  if (mode === 'files') return undefined;
  return new Certificates({
    ...{ cluster, clock, mode, namespace, secret, service, webhookConfiguration, onPair, log, stop },
    ...(certificateEveryMs !== undefined && { everyMs: certificateEveryMs }),
  });
}

/** Of several replicas one keeps the aggregators. */
function control(
  { config, version, cluster, clock, log, stop }: InjectorParts,
  webhook: Pick<ControllerOptions, 'inject' | 'facts' | 'certificates' | 'tell' | 'onSlipped'>,
): Promise<void> {
  const { namespace, lease, podName, image, imagePullPolicy } = config;
  const options: ControllerOptions = {
    ...webhook,
    cluster,
    clock,
    version,
    log,
    image: { image, imagePullPolicy },
    aggregators: aggregatorSettings(config, config),
  };
  const lead = (ended: AbortSignal) => runController(options, ended);
  return takePart({ cluster, clock, namespace, lease, identity: podName ?? hostname(), lead, log, stop });
}
