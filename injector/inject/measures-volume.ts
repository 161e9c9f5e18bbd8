/** The volume in which a pod's programs find the agent's socket, to tell figures of their own (docs/results.md). */
import type { V1Container, V1PodSpec, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import { MEASURES_FOLDER, MEASURES_VOLUME } from '../../protocol/names.ts';
import type { Wishes } from './annotations.ts';
import type { Measuring } from './measuring.ts';
import { containersOf } from './pod-demand.ts';
import { targetsOf } from './privilege.ts';

/** A socket takes no room; whoever fills it by other means harms the own pod alone. */
const VOLUME_SIZE = '1Mi';

export const measuresMount: V1VolumeMount = { name: MEASURES_VOLUME, mountPath: MEASURES_FOLDER };

export interface MeasuresVolume {
  /** Undefined: the pod has one of this name, made for it. */
  readonly volume: V1Volume | undefined;
  /** Containers of the pod's own that get the mount: the only change that is ever made to them. */
  readonly mountedIn: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Undefined where no figures are asked for. Containers get the mount where the pod's own annotation asks for figures; a
 * MetricSet, which others may have written, changes none of them: they reach the socket by a volume of this name.
 */
export function measuresVolume(
  spec: V1PodSpec,
  wishes: Wishes,
  { measures, metricSet }: Measuring,
): MeasuresVolume | undefined {
  if (measures === undefined) return undefined;
  const hasOwn = spec.volumes?.some(({ name }) => name === MEASURES_VOLUME) ?? false;
  const volume = hasOwn ? undefined : { name: MEASURES_VOLUME, emptyDir: { sizeLimit: VOLUME_SIZE } };
  if (wishes.measures !== undefined) {
    const mountedIn = targetsOf(spec, wishes.containers).filter((one) => !hasMount(one));
    return { volume, mountedIn: mountedIn.map(({ name }) => name), warnings: [] };
  }
  const reaches = containersOf(spec).some(hasMount);
  const sentence = `MetricSet ${metricSet} asks for figures, and no container has the volume ${MEASURES_VOLUME}: the annotation podometer.dev/measures mounts it`;
  return { volume, mountedIn: [], warnings: reaches ? [] : [sentence] };
}

function hasMount({ volumeMounts }: V1Container): boolean {
  return volumeMounts?.some(({ mountPath }) => mountPath.replace(/\/+$/, '') === MEASURES_FOLDER) ?? false;
}
