/** Why a pod does not answer, as its own status tells it. */
import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';

export interface Unreadiness {
  /** Kubernetes' word for it: ImagePullBackOff, CrashLoopBackOff, Unschedulable, …; undefined where it has none. */
  readonly reason: string | undefined;
  readonly message: string | undefined;
}

const LONGEST_SAID = 300;
/** How long a pod may take to end beyond the time that it was given. */
const ENDING_MS = 30_000;

/** The nearest reason; undefined where the pod is ready. */
export function whyPodNotReady(pod: V1Pod, nowMs: number): Unreadiness | undefined {
  const { metadata, spec, status } = pod;
  const { phase, conditions = [], containerStatuses = [] } = status ?? {};
  const { deletionTimestamp } = metadata ?? {};
  if (deletionTimestamp !== undefined) {
    // It holds the moment at which the pod is to be gone.
    const isStuck = new Date(deletionTimestamp).getTime() + ENDING_MS < nowMs;
    if (!isStuck) return { reason: undefined, message: 'its pod is being replaced' };
    const message = `its pod was told to end, and node ${spec?.nodeName} does not say that it has (docs/operations.md, "A node is lost")`;
    return { reason: 'NodeLost', message };
  }
  if (conditions.some(({ type, status: how }) => type === 'Ready' && how === 'True')) return undefined;
  const crashed = containerStatuses.flatMap((one) => crash(one) ?? [])[0];
  if (crashed !== undefined) return crashed;
  const waiting = containerStatuses.map(({ state }) => state?.waiting).find((one) => one !== undefined);
  const unscheduled = conditions.find(({ type, status: how }) => type === 'PodScheduled' && how === 'False');
  const told = waiting ?? unscheduled;
  if (told !== undefined) return { reason: told.reason, message: told.message };
  return { reason: undefined, message: `its pod is ${phase ?? 'unknown'}, and not yet answering` };
}

/** How long it is waited until the next try says nothing; how the last one ended does. */
function crash({ state, lastState }: V1ContainerStatus): Unreadiness | undefined {
  const reason = state?.waiting?.reason;
  const ended = lastState?.terminated;
  if (reason !== 'CrashLoopBackOff' || ended === undefined) return undefined;
  const said = ended.message?.trim().split('\n').at(-1)?.slice(0, LONGEST_SAID);
  const how = `it ended with exit code ${ended.exitCode} (${ended.reason ?? 'Error'})`;
  return { reason, message: said ? `${how}: ${said}` : how };
}
