/** Takes out what an injection put into a pod template: the agent, its volumes, its annotations and the label. */
import type { V1Container, V1Pod } from '@kubernetes/client-node';
import { type AddedParts, readAdded } from '../../injector/inject/added-parts.ts';
import { EVICTABLE_VOLUMES } from '../../injector/inject/patch.ts';
import {
  ADDED_ANNOTATION,
  AGENT_CONTAINER,
  INJECTED_ANNOTATION,
  MEASURES_VOLUME,
  SPOOL_VOLUME,
  TOKEN_VOLUME,
} from '../../protocol/names.ts';
import type { ChangedPod } from './changed-manifests.ts';
import { unlabelled } from './label.ts';
import type { PodTemplate } from './pod-template.ts';

/** Where the pod had a volume of that name already, a number follows ours. */
const OUR_VOLUME = new RegExp(`^(${SPOOL_VOLUME}|${TOKEN_VOLUME})(-\\d+)?$|^${MEASURES_VOLUME}$`);

export function uninjectTemplate({ pod }: PodTemplate): ChangedPod {
  const { annotations } = pod.metadata ?? {};
  if (annotations?.[INJECTED_ANNOTATION] === undefined) {
    const { pod: left, change } = unlabelled(pod);
    return { pod: left, said: change === 'removed' ? 'the label is taken off' : 'nothing to change' };
  }
  const added = addedTo(pod, annotations[ADDED_ANNOTATION]);
  return {
    pod: unlabelled(withoutAgent(pod, added)).pod,
    said: `the agent is taken out${added.sharing ? ', and shareProcessNamespace with it' : ''}`,
  };
}

/** What an agent of a version that did not tell it had with it goes by the names. */
function addedTo({ spec }: V1Pod, told: string | undefined): AddedParts {
  if (told !== undefined) return readAdded(told);
  const volumes = (spec?.volumes ?? []).map(({ name }) => name).filter((name) => OUR_VOLUME.test(name));
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  return { sharing: true, volumes, mounts: containers.map(({ name }) => name) };
}

function withoutAgent({ metadata, spec, ...rest }: V1Pod, added: AddedParts): V1Pod {
  const { shareProcessNamespace, volumes, initContainers, containers, ...others } = spec ?? {};
  const annotations = annotationsWithout(metadata?.annotations ?? {}, added.volumes);
  const { annotations: _annotations, ...left } = metadata ?? {};
  return {
    ...rest,
    metadata: { ...left, ...filled({ annotations }) },
    spec: {
      ...others,
      ...(!added.sharing && shareProcessNamespace !== undefined && { shareProcessNamespace }),
      containers: containersWithout(containers ?? [], added),
      ...filled({
        initContainers: containersWithout(initContainers ?? [], added),
        volumes: (volumes ?? []).filter(({ name }) => !added.volumes.includes(name)),
      }),
    },
  };
}

function containersWithout(containers: readonly V1Container[], { mounts }: AddedParts): V1Container[] {
  return containers
    .filter(({ name }) => name !== AGENT_CONTAINER)
    .map((container) => {
      const { volumeMounts, ...others } = container;
      if (!mounts.includes(container.name) || !volumeMounts) return container;
      const left = volumeMounts.filter(({ name }) => name !== MEASURES_VOLUME);
      return { ...others, ...filled({ volumeMounts: left }) };
    });
}

function annotationsWithout(
  annotations: Readonly<Record<string, string>>,
  volumes: readonly string[],
): Record<string, string> {
  const {
    [INJECTED_ANNOTATION]: _injected,
    [ADDED_ANNOTATION]: _added,
    [EVICTABLE_VOLUMES]: evictable,
    ...others
  } = annotations;
  const left = (evictable ?? '').split(',').filter((name) => !volumes.includes(name));
  const names = left.join(',');
  return { ...others, ...(names !== '' && { [EVICTABLE_VOLUMES]: names }) };
}

/** Without the lists and maps that are left empty. */
function filled<T extends object>(parts: T): Partial<T> {
  const entries = Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0);
  return Object.fromEntries(entries) as Partial<T>;
}
