/** A controller at work on an API server double. */
import type { TestContext } from 'node:test';
import type { V1ConfigMap, V1StatefulSet } from '@kubernetes/client-node';
import { ObjectEvents } from '../../../injector/cluster/object-events.ts';
import type { AggregatorCertificates } from '../../../injector/controller/aggregators.ts';
import { runController } from '../../../injector/controller/controller.ts';
import type { AggregatorSettings } from '../../../injector/controller/settings.ts';
import { systemClock } from '../../../lib/clock.ts';
import { ApiAccess } from '../../../lib/cluster/api-access.ts';
import { AGGREGATOR_NAME, PROFILE_LABEL, STATUS_CONFIG_MAP } from '../../../protocol/names.ts';
import type { NamespaceStatus } from '../../../protocol/status.ts';
import type { ApiServer } from '../../api-server/api-server.ts';
import type { StoredObject } from '../../api-server/object-store.ts';
import { view } from '../cluster/viewing.ts';
import { settings as injectSettings } from '../inject/injection-case.ts';

export const SETTINGS: AggregatorSettings = {
  image: 'podometer:test',
  imagePullPolicy: 'IfNotPresent',
  storage: { size: '10Gi', className: undefined },
  cpuRequest: '50m',
  cpuLimit: '1',
  memoryRequest: '256Mi',
  memoryLimit: '512Mi',
  pod: {},
  keeper: {},
  forwardAuthorization: undefined,
};

export interface ControlOptions {
  readonly settings?: Partial<AggregatorSettings>;
  readonly certificates?: AggregatorCertificates;
  readonly namespaceSelector?: 'all' | 'enabled';
  readonly resyncMs?: number;
  readonly onSlipped?: (namespace: string, count: number) => void;
  readonly log?: (message: string) => void;
}

/** Works until the test ends, or until what it returns is called. */
export function control(
  t: TestContext,
  server: ApiServer,
  options: ControlOptions = {},
): () => Promise<void> {
  const { settings, certificates, namespaceSelector = 'all', resyncMs = 600_000 } = options;
  const { log = () => {}, onSlipped = () => {} } = options;
  const ended = new AbortController();
  const cluster = server.configure(new ApiAccess(systemClock));
  const { view: facts } = view(t, server);
  const events = new ObjectEvents({ cluster, clock: systemClock, onOutcome: () => {}, log: () => {} });
  const running = runController(
    {
      cluster,
      clock: systemClock,
      inject: {
        ...injectSettings,
        ownNamespace: 'podometer',
        excludedNamespaces: ['left-out'],
        namespaceSelector,
      },
      facts,
      image: { image: SETTINGS.image, imagePullPolicy: 'IfNotPresent' },
      tell: (event) => events.tell(event),
      onSlipped,
      aggregators: { ...SETTINGS, ...settings },
      certificates,
      version: '0.0.0',
      log,
      resyncMs,
      firstRetryMs: 20,
      unreadyRetryMs: 50,
    },
    ended.signal,
  );
  const end = async (): Promise<void> => {
    ended.abort();
    await running;
  };
  t.after(end);
  return end;
}

export function putNamespace(server: ApiServer, name: string, more: object = {}): StoredObject {
  return server.store.put('v1 namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, ...more },
  });
}

/** One that asks to be measured. */
export function putPod(server: ApiServer, namespace: string, name: string, annotations = {}): StoredObject {
  const labels = { [PROFILE_LABEL]: 'true' };
  return server.store.put('v1 pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels, annotations },
    ...{ spec: { containers: [{ name: 'app', image: 'app:1' }] } },
  });
}

export function putDefaultClass(server: ApiServer, more: object = {}): void {
  server.store.put('storage.k8s.io/v1 storageclasses', {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    ...more,
  });
}

/** As the cluster's own controllers would say it. */
export function setStatus(server: ApiServer, resource: string, namespace: string, status: object): void {
  const object = server.store.get(resource, namespace, AGGREGATOR_NAME);
  if (object !== undefined) server.store.put(resource, { ...object, status } as never);
}

export function statusOf(server: ApiServer, namespace: string): NamespaceStatus | undefined {
  const found = server.store.get('v1 configmaps', namespace, STATUS_CONFIG_MAP) as V1ConfigMap | undefined;
  return found?.data?.status === undefined ? undefined : JSON.parse(found.data.status);
}

/** `StorageReady=False NoStorageClass` for each condition. */
export function conditions(server: ApiServer, namespace: string): string[] {
  const found = statusOf(server, namespace)?.conditions ?? [];
  return found.map(({ type, status, reason }) => `${type}=${status} ${reason}`);
}

export function aggregator(server: ApiServer, namespace: string): V1StatefulSet | undefined {
  return server.store.get('apps/v1 statefulsets', namespace, AGGREGATOR_NAME) as V1StatefulSet | undefined;
}

export function writes(server: ApiServer): string[] {
  return server.requests.filter((line) => !line.startsWith('GET'));
}

/** Until nobody has asked for anything for a while but what is followed. */
export async function settled(server: ApiServer): Promise<void> {
  for (let seen = -1; seen < writes(server).length; ) {
    seen = writes(server).length;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
