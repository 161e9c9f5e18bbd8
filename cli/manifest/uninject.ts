/** Takes out what an injection put into a pod template: the agent, its volumes, its annotations and the label. */
import type { V1Container, V1Pod, V1Volume } from '@kubernetes/client-node';
import { EVICTABLE_VOLUMES } from '../../injector/inject/patch.ts';
import {
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
  const isInjected = pod.metadata?.annotations?.[INJECTED_ANNOTATION] !== undefined;
  const labelling = unlabelled(isInjected ? withoutAgent(pod) : pod);
  const said = labelling.change === 'removed' ? 'the label is taken off' : 'nothing to change';
  return {
    pod: labelling.pod,
    said: isInjected ? 'the agent is taken out, and shareProcessNamespace with it' : said,
  };
}

function withoutAgent({ metadata, spec, ...rest }: V1Pod): V1Pod {
  const { shareProcessNamespace: _, volumes, initContainers, containers, ...others } = spec ?? {};
  const [ours, own] = [(volumes ?? []).filter(isOurs), (volumes ?? []).filter((volume) => !isOurs(volume))];
  const annotations = annotationsWithout(metadata?.annotations ?? {}, ours);
  const { annotations: _annotations, ...left } = metadata ?? {};
  return {
    ...rest,
    metadata: { ...left, ...filled({ annotations }) },
    spec: {
      ...others,
      containers: containersWithout(containers ?? []),
      ...filled({ initContainers: containersWithout(initContainers ?? []), volumes: own }),
    },
  };
}

function containersWithout(containers: readonly V1Container[]): V1Container[] {
  return containers
    .filter(({ name }) => name !== AGENT_CONTAINER)
    .map((container) => {
      const { volumeMounts, ...others } = container;
      const left = volumeMounts?.filter(({ name }) => name !== MEASURES_VOLUME) ?? [];
      return left.length === (volumeMounts?.length ?? 0)
        ? container
        : { ...others, ...filled({ volumeMounts: left }) };
    });
}

function annotationsWithout(
  annotations: Readonly<Record<string, string>>,
  volumes: readonly V1Volume[],
): Record<string, string> {
  const { [INJECTED_ANNOTATION]: _, [EVICTABLE_VOLUMES]: evictable, ...others } = annotations;
  const left = (evictable ?? '').split(',').filter((name) => !volumes.some((volume) => volume.name === name));
  const names = left.join(',');
  return { ...others, ...(names !== '' && { [EVICTABLE_VOLUMES]: names }) };
}

function isOurs({ name }: V1Volume): boolean {
  return OUR_VOLUME.test(name);
}

/** Without the lists and maps that are left empty. */
function filled<T extends object>(parts: T): Partial<T> {
  const entries = Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0);
  return Object.fromEntries(entries) as Partial<T>;
}
