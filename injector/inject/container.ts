/** The agent's container and its volumes. */
import type {
  V1Container,
  V1EnvVar,
  V1PodSpec,
  V1ResourceRequirements,
  V1Volume,
} from '@kubernetes/client-node';
import { tagText } from '../../lib/measuring-options.ts';
import { agentNodeEnvironment, agentNodeFlags, IMAGE_AGENT, IMAGE_NODE } from '../../protocol/image.ts';
import { MOST_TAGS } from '../../protocol/limits.ts';
import {
  AGENT_CONTAINER,
  agentEnvironment,
  SPOOL_FOLDER,
  SPOOL_VOLUME,
  TOKEN_AUDIENCE,
  TOKEN_FILE,
  TOKEN_FOLDER,
  TOKEN_VOLUME,
} from '../../protocol/names.ts';
import type { Wishes } from './annotations.ts';
import type { GracePeriod } from './grace-period.ts';
import type { Identity, TextSource } from './identity.ts';
import { type MeasuresVolume, measuresMount } from './measures-volume.ts';
import type { Measuring } from './measuring.ts';
import type { Privilege } from './privilege.ts';
import { amountOf, quantityText } from './quantity.ts';
import type { InjectSettings } from './settings.ts';

/** Twice what the spool may take (agent/push/spool.ts): a volume that passes its limit has its pod evicted. */
export const SPOOL_VOLUME_BYTES = 64 * 2 ** 20;

const TOKEN_SECONDS = 3600;

/** A mount here keeps the API server from adding a token of its own API to the container. */
const API_TOKEN_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface AgentParts {
  readonly settings: InjectSettings;
  readonly namespace: string;
  readonly identity: Identity;
  readonly measuring: Measuring;
  readonly wishes: Wishes;
  readonly privilege: Privilege;
  readonly shared: MeasuresVolume | undefined;
  readonly resources: V1ResourceRequirements;
  /** Else a plain container, which must end by itself. */
  readonly isNativeSidecar: boolean;
  readonly gracePeriod: GracePeriod;
}

export interface AgentPieces {
  readonly container: V1Container;
  readonly volumes: readonly V1Volume[];
  /** Containers of the pod's own that get a mount, by name. */
  readonly mountedIn: readonly string[];
}

export function agentPieces(spec: V1PodSpec, parts: AgentParts): AgentPieces {
  const { settings, privilege, resources, isNativeSidecar, shared } = parts;
  const spoolBytes = Math.min(
    amountOf('ephemeral-storage', resources.limits?.['ephemeral-storage']) ?? SPOOL_VOLUME_BYTES,
    SPOOL_VOLUME_BYTES,
  );
  const spool = freeVolumeName(spec, SPOOL_VOLUME);
  const token = freeVolumeName(spec, TOKEN_VOLUME);
  return {
    container: {
      name: AGENT_CONTAINER,
      image: settings.image,
      imagePullPolicy: settings.imagePullPolicy,
      command: [IMAGE_NODE, ...agentNodeFlags(parts.measuring.intervalMs), IMAGE_AGENT],
      ...(isNativeSidecar && { restartPolicy: 'Always' }),
      env: [
        ...Object.entries(agentNodeEnvironment(settings.ca)).map(([name, value]) => ({ name, value })),
        ...environment(parts, spoolBytes),
      ],
      resources,
      securityContext: privilege.securityContext,
      volumeMounts: [
        { name: spool, mountPath: SPOOL_FOLDER },
        { name: token, mountPath: TOKEN_FOLDER, readOnly: true },
        { name: token, mountPath: API_TOKEN_FOLDER, readOnly: true },
        ...(shared === undefined ? [] : [measuresMount]),
      ],
    },
    volumes: [
      { name: spool, emptyDir: { sizeLimit: quantityText('ephemeral-storage', spoolBytes) } },
      {
        name: token,
        projected: {
          sources: [
            {
              serviceAccountToken: {
                audience: TOKEN_AUDIENCE,
                expirationSeconds: TOKEN_SECONDS,
                path: TOKEN_FILE,
              },
            },
          ],
        },
      },
      ...(shared?.volume === undefined ? [] : [shared.volume]),
    ],
    mountedIn: shared?.mountedIn ?? [],
  };
}

function environment(parts: AgentParts, spoolBytes: number): V1EnvVar[] {
  const { settings, namespace, identity, measuring, wishes, isNativeSidecar, gracePeriod } = parts;
  const variables: Readonly<Record<keyof typeof agentEnvironment, TextSource | string | undefined>> = {
    podName: { fieldPath: 'metadata.name' },
    podUid: { fieldPath: 'metadata.uid' },
    namespace: { fieldPath: 'metadata.namespace' },
    node: { fieldPath: 'spec.nodeName' },
    workloadKind: identity.kind,
    workloadName: identity.name,
    runId: wishes.run ?? identity.run,
    rank: identity.rank,
    metricSet: measuring.metricSet,
    metrics: measuring.metrics,
    interval: measuring.interval,
    containers: wishes.containers?.join(','),
    tags: tags(identity, measuring),
    aggregatorUrl: settings.aggregatorUrl?.replaceAll('NAMESPACE', namespace),
    ca: settings.ca,
    tokenFile: `${TOKEN_FOLDER}/${TOKEN_FILE}`,
    spool: SPOOL_FOLDER,
    spoolBytes: quantityText('memory', Math.floor(spoolBytes / 2)),
    cpuBudget: undefined,
    recordArgs: wishes.recordArgs === undefined ? undefined : String(wishes.recordArgs),
    lifecycle: isNativeSidecar ? 'sidecar' : 'container',
    gracePeriod: gracePeriod.text,
    measures: measuring.measures?.join(','),
    measuresFolder: undefined,
  };
  return Object.entries(variables).flatMap(([key, source]) =>
    source === undefined ? [] : [variable(agentEnvironment[key as keyof typeof agentEnvironment], source)],
  );
}

function variable(name: string, source: TextSource | string): V1EnvVar {
  if (typeof source === 'string') return { name, value: literal(source) };
  if ('value' in source) return { name, value: literal(source.value) };
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: source.fieldPath } } };
}

/** The kubelet reads `$(NAME)` in a value as another variable. */
function literal(text: string): string {
  return text.replaceAll('$', '$$$$');
}

/** The person's own come first, should there be too many together. */
function tags(identity: Identity, { tags: own }: Measuring): string | undefined {
  const all = { ...own, ...identity.tags, ...own };
  const kept = Object.fromEntries(Object.entries(all).slice(0, MOST_TAGS));
  return Object.keys(kept).length === 0 ? undefined : tagText(kept);
}

function freeVolumeName({ volumes }: V1PodSpec, wanted: string): string {
  const taken = new Set((volumes ?? []).map(({ name }) => name));
  let name = wanted;
  for (let i = 2; taken.has(name); i++) name = `${wanted}-${i}`;
  return name;
}
