/**
 * The aggregator itself. Its pods are made anew where the template changes, so nothing may stand there that changes
 * without need: a certificate is followed by the program, not by a checksum here.
 */
import type { KubernetesObject, V1Container, V1EnvVar, V1StatefulSet } from '@kubernetes/client-node';
import { aggregatorNodeFlags, IMAGE_MAIN, IMAGE_NODE } from '../../../protocol/image.ts';
import {
  AGGREGATOR_NAME,
  DATA_ENVIRONMENT_VARIABLE,
  DEFAULT_PORT,
  keeperEnvironment,
} from '../../../protocol/names.ts';
import type { NamespaceFacts } from '../../inject/facts.ts';
import { parseQuantity } from '../../inject/quantity.ts';
import type { AggregatorSettings } from '../settings.ts';
import { needsCpuLimit } from './cpu-limit.ts';
import { forwardAnnotations, forwardSecret, forwardVariable } from './forward-secret.ts';
import { LABELS, metadataIn, SELECTOR, TLS_SECRET } from './names.ts';
import { PORT_NAME } from './network.ts';
import { DATA_VOLUME, dataVolume, type Storage } from './storage.ts';
import { withNodeTolerations } from './tolerations.ts';

const USER = 65_532;
const DATA_FOLDER = '/var/lib/podometer';
const TLS_VOLUME = 'tls';
const TLS_FOLDER = '/var/run/podometer/tls';
/** Of the volume; the rest is room for what is being sealed. */
const HISTORY_SHARE = 0.8;
const MI = 2 ** 20;

export interface ProgramPlace {
  /** The StatefulSet that is there. What cannot be changed of one stays as it is. */
  readonly existing?: V1StatefulSet | undefined;
  /** Undefined: not known yet. */
  readonly rules?: NamespaceFacts | undefined;
}

export function programObjects(
  namespace: string,
  settings: AggregatorSettings,
  storage: Storage,
  { existing, rules }: ProgramPlace = {},
): KubernetesObject[] {
  const { forwardAuthorization, cpuLimit } = settings;
  const own = container(settings, storage);
  const hasCpuLimit = needsCpuLimit({ ...settings.pod, containers: [own] }, rules, existing);
  const resources = { ...own.resources, limits: { ...own.resources?.limits, cpu: cpuLimit } };
  const statefulSet: V1StatefulSet = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadataIn(namespace),
    spec: {
      serviceName: AGGREGATOR_NAME,
      replicas: 1,
      // The other policy waits for a pod that is not ready before it replaces it, so that no upgrade could mend it.
      podManagementPolicy: existing?.spec?.podManagementPolicy ?? 'Parallel',
      selector: { matchLabels: { ...SELECTOR } },
      template: {
        metadata: { labels: { ...LABELS }, annotations: forwardAnnotations(forwardAuthorization) },
        spec: {
          ...settings.pod,
          tolerations: withNodeTolerations(settings.pod.tolerations ?? []),
          serviceAccountName: AGGREGATOR_NAME,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 60,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: USER,
            runAsGroup: USER,
            fsGroup: USER,
            fsGroupChangePolicy: 'OnRootMismatch',
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [hasCpuLimit ? { ...own, resources } : own],
          volumes: [
            dataVolume(storage),
            { name: TLS_VOLUME, secret: { secretName: TLS_SECRET, defaultMode: 0o440 } },
            { name: 'tmp', emptyDir: {} },
          ],
        },
      },
    },
  };
  // One pod alone may always be moved: a drain is never held up.
  const budget = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadataIn(namespace),
    spec: { maxUnavailable: 1, selector: { matchLabels: { ...SELECTOR } } },
  };
  const secrets = forwardAuthorization === undefined ? [] : [forwardSecret(namespace, forwardAuthorization)];
  return [...secrets, budget, statefulSet];
}

function container(settings: AggregatorSettings, storage: Storage): V1Container {
  const { image, imagePullPolicy, cpuRequest, memoryRequest, memoryLimit } = settings;
  const nodeFlags = aggregatorNodeFlags(parseQuantity(memoryLimit) ?? 0);
  const probe = (path: string) => ({
    httpGet: { path, port: PORT_NAME, scheme: 'HTTPS' },
    timeoutSeconds: 5,
  });
  return {
    name: 'aggregator',
    image,
    imagePullPolicy,
    command: [IMAGE_NODE, ...nodeFlags, IMAGE_MAIN, 'aggregator'],
    env: environment(settings, storage),
    ports: [{ name: PORT_NAME, containerPort: DEFAULT_PORT, protocol: 'TCP' }],
    resources: {
      requests: { cpu: cpuRequest, memory: memoryRequest },
      limits: { memory: memoryLimit },
    },
    // What it says last is why it ends.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    // A large store is looked through when it is opened after a crash.
    startupProbe: { ...probe('/livez'), periodSeconds: 2, failureThreshold: 150 },
    livenessProbe: { ...probe('/livez'), periodSeconds: 10, failureThreshold: 6 },
    readinessProbe: { ...probe('/readyz'), periodSeconds: 5, failureThreshold: 3 },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: DATA_VOLUME, mountPath: DATA_FOLDER },
      { name: TLS_VOLUME, mountPath: TLS_FOLDER, readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}

function environment({ keeper, forwardAuthorization }: AggregatorSettings, { room }: Storage): V1EnvVar[] {
  const historyBytes = Math.floor((parseQuantity(room) ?? 0) * HISTORY_SHARE);
  const named: Readonly<Record<string, string>> = {
    [DATA_ENVIRONMENT_VARIABLE]: DATA_FOLDER,
    MALLOC_ARENA_MAX: '2',
    [keeperEnvironment.bytes]: `${Math.floor(historyBytes / MI)}Mi`,
    ...keeper,
  };
  return [
    { name: 'PODOMETER_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
    ...Object.entries(named).map(([name, value]) => ({ name, value })),
    ...(forwardAuthorization === undefined ? [] : [forwardVariable()]),
  ];
}
