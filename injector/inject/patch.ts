/** From a pod and the agent's pieces to the pod that has them: as a JSON Patch, and as the pod itself to be judged. */
import type { V1Container, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { ADDED_ANNOTATION, INJECTED_ANNOTATION } from '../../protocol/names.ts';
import { addedText } from './added-parts.ts';
import type { AgentPieces } from './container.ts';
import type { JsonPatch, JsonPatchOperation } from './json-patch.ts';
import { measuresMount } from './measures-volume.ts';
import { isNativeSidecar } from './pod-demand.ts';

/** Without it the cluster autoscaler keeps every node on which a pod has an emptyDir. */
export const EVICTABLE_VOLUMES = 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes';

/** Only adds: no container, volume or annotation of the pod's own is written again. A mount is all that a container may get. */
export function agentPatch(pod: V1Pod, pieces: AgentPieces, version: string): JsonPatch {
  const { metadata, spec } = pod;
  const { container, volumes, mountedIn } = pieces;
  const place = isNativeSidecar(container)
    ? addTo('/spec/initContainers', spec?.initContainers, [container], '0')
    : addTo('/spec/containers', spec?.containers, [container], '-');
  return [
    ...addKeys('/metadata/annotations', metadata?.annotations, newAnnotations(pod, pieces, version)),
    ...(spec?.shareProcessNamespace === true
      ? []
      : [{ op: 'add', path: '/spec/shareProcessNamespace', value: true } as const]),
    // Before the agent takes the first place among the init containers.
    ...mounts('/spec/initContainers', spec?.initContainers, mountedIn),
    ...mounts('/spec/containers', spec?.containers, mountedIn),
    ...place,
    ...addTo('/spec/volumes', spec?.volumes, volumes, '-'),
  ];
}

/** The same change made to the pod's spec. */
export function withAgent(spec: V1PodSpec, { container, volumes, mountedIn }: AgentPieces): V1PodSpec {
  const mounted = (one: V1Container): V1Container =>
    mountedIn.includes(one.name)
      ? { ...one, volumeMounts: [...(one.volumeMounts ?? []), measuresMount] }
      : one;
  const init = (spec.initContainers ?? []).map(mounted);
  const containers = spec.containers.map(mounted);
  return {
    ...spec,
    shareProcessNamespace: true,
    ...(isNativeSidecar(container)
      ? { initContainers: [container, ...init], containers }
      : {
          ...(spec.initContainers !== undefined && { initContainers: init }),
          containers: [...containers, container],
        }),
    volumes: [...(spec.volumes ?? []), ...volumes],
  };
}

function mounts(
  path: string,
  containers: readonly V1Container[] | null | undefined,
  mountedIn: readonly string[],
): JsonPatchOperation[] {
  return (containers ?? []).flatMap(({ name, volumeMounts }, i) =>
    mountedIn.includes(name) ? addTo(`${path}/${i}/volumeMounts`, volumeMounts, [measuresMount], '-') : [],
  );
}

function newAnnotations(
  pod: V1Pod,
  { volumes, mountedIn }: AgentPieces,
  version: string,
): Record<string, string> {
  const evictable = pod.metadata?.annotations?.[EVICTABLE_VOLUMES];
  const spool = volumes.flatMap(({ name, emptyDir }) => (emptyDir === undefined ? [] : [name]));
  return {
    [INJECTED_ANNOTATION]: version,
    [ADDED_ANNOTATION]: addedText({
      sharing: pod.spec?.shareProcessNamespace !== true,
      volumes: volumes.map(({ name }) => name),
      mounts: mountedIn,
    }),
    [EVICTABLE_VOLUMES]: [...(evictable ? [evictable] : []), ...spool].join(','),
  };
}

function addKeys(
  path: string,
  present: object | null | undefined,
  entries: Readonly<Record<string, string>>,
): JsonPatchOperation[] {
  if (present === undefined || present === null) return [{ op: 'add', path, value: entries }];
  return Object.entries(entries).map(([key, value]) => ({
    op: 'add',
    path: `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    value,
  }));
}

function addTo(
  path: string,
  present: readonly unknown[] | null | undefined,
  items: readonly unknown[],
  place: '0' | '-',
): JsonPatchOperation[] {
  if (present === undefined || present === null) return [{ op: 'add', path, value: items }];
  return items.map((value) => ({ op: 'add', path: `${path}/${place}`, value }));
}
