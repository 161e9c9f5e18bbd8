/** What the cluster test runs: programs of known use in Podometer's own image, so that no other image is pulled. */
import { IMAGE_NODE } from '../../protocol/image.ts';
import { annotations, PROFILE_LABEL } from '../../protocol/names.ts';
import type { KubeObject } from './cluster.ts';
import type { Toleration } from './nodes.ts';

/** Uses so much CPU in all, its own start among it. */
export function burn(cpuSeconds: number): string {
  return `const used = () => process.cpuUsage().user + process.cpuUsage().system;
    while (used() < ${cpuSeconds}e6);`;
}

/** Goes on until it is told to stop, with hardly any use. */
export const IDLE = `setInterval(() => {}, 1000); process.on('SIGTERM', () => process.exit(0));`;

/** Takes memory until it is killed. */
export const HUNGRY = `const held = []; setInterval(() => held.push(Buffer.alloc(16 * 2 ** 20, 1)), 50);`;

export interface ProgramContainer {
  readonly name: string;
  readonly program: string;
  readonly securityContext?: object;
  readonly memoryLimit?: string;
}

export interface PodParts {
  readonly image: string;
  readonly containers: readonly ProgramContainer[];
  readonly tolerations: readonly Toleration[];
  readonly securityContext?: object;
  readonly restartPolicy?: 'Always' | 'Never';
  /** Of the samples, as its annotation says it. */
  readonly interval?: string;
}

/** What Pod Security `restricted` asks of a pod and of its containers. */
export const RESTRICTED_POD = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 1000,
  seccompProfile: { type: 'RuntimeDefault' },
} as const;
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
} as const;

function podSpec({
  image,
  containers,
  securityContext,
  tolerations,
  restartPolicy = 'Never',
}: PodParts): object {
  return {
    restartPolicy,
    tolerations,
    ...(securityContext && { securityContext }),
    containers: containers.map(({ name, program, memoryLimit, securityContext: own }) => ({
      name,
      image,
      imagePullPolicy: 'IfNotPresent',
      command: [IMAGE_NODE, '-e', program],
      ...(own && { securityContext: own }),
      ...(memoryLimit && { resources: { limits: { memory: memoryLimit } } }),
    })),
  };
}

export interface Place {
  readonly namespace: string;
  readonly name: string;
}

function labelled(name: string, { interval }: PodParts): object {
  return {
    labels: { app: name, [PROFILE_LABEL]: 'true' },
    ...(interval !== undefined && { annotations: { [annotations.interval]: interval } }),
  };
}

export function pod({ namespace, name }: Place, parts: PodParts): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, ...labelled(name, parts) },
    spec: podSpec(parts),
  };
}

export function job(place: Place, parts: PodParts, more: object = {}): KubeObject {
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: place, spec: jobSpec(place, parts, more) };
}

export function cronJob(place: Place, parts: PodParts): KubeObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: place,
    spec: {
      schedule: '* * * * *',
      concurrencyPolicy: 'Forbid',
      jobTemplate: { spec: jobSpec(place, parts) },
    },
  };
}

export function deployment({ namespace, name }: Place, parts: PodParts): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: labelled(name, parts), spec: podSpec({ ...parts, restartPolicy: 'Always' }) },
    },
  };
}

export function metricSet(metadata: Place, spec: object): KubeObject {
  return { apiVersion: 'podometer.dev/v1alpha1', kind: 'MetricSet', metadata, spec };
}

export function namespace(name: string, podSecurity: string, marks: Record<string, string>): KubeObject {
  const labels = { 'pod-security.kubernetes.io/enforce': podSecurity };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels, annotations: marks } };
}

function jobSpec({ name }: Place, parts: PodParts, more: object = {}): object {
  return { backoffLimit: 0, ...more, template: { metadata: labelled(name, parts), spec: podSpec(parts) } };
}
