/**
 * Whether the agent's coming may be why a workload's container does not stay up: its app is no longer pid 1 of its
 * process namespace, and some inits insist on that. Logs may not be read, so it is told by how containers ended.
 */
import type { V1ContainerStateTerminated, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { AGENT_CONTAINER, INJECTED_ANNOTATION, PROFILE_LABEL } from '../../../protocol/names.ts';

export interface FirstFailure {
  readonly container: string;
  /** How often it ended at once. */
  readonly times: number;
  readonly exitCode: number;
  /** What it said of pid 1; undefined where that is only likely. */
  readonly said: string | undefined;
}

/** An init that insists on pid 1 ends before it does anything. */
const AT_ONCE_MS = 10_000;
/** A container that lived for this long does not mind. */
const STAYED_UP_MS = 60_000;
const LEAST_TIMES = 2;
/** As s6-overlay ("can only run as pid 1") and runit ("must be run as process no 1") say it. */
const SAYS_PID_1 = /[^\n]*\brun(?:ning)? as (?:pid|process no) 1\b[^\n]*/i;
const LONGEST_SAID = 200;
/** Killed by somebody: for memory, by a probe, to make room. */
const KILLED = [137, 143];

/** `pods`: of one owner. Undefined where nothing points to it: none ended so, or one of them stayed up. */
export function firstFailure(pods: readonly V1Pod[], nowMs: number): FirstFailure | undefined {
  const statuses = pods.filter(isInjected).flatMap(statusesOf);
  for (const [container, same] of Map.groupBy(statuses, ({ name }) => name)) {
    const failure = failureOf(container, same, nowMs);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

export function firstFailureMessage(pod: string, { container, times, exitCode, said }: FirstFailure): string {
  const ended = times === 1 ? 'ended at once' : `ended at once ${times} times`;
  const cause =
    said === undefined ? 'A likely cause' : `It said "${said.trim().slice(0, LONGEST_SAID)}". The cause`;
  return `podometer: container ${container} of pod ${pod} ${ended} with exit code ${exitCode} since the agent is in the pod. ${cause} is shareProcessNamespace, with which its app is no longer pid 1. To take the workload out, remove the label ${PROFILE_LABEL} from its pod template, or set shareProcessNamespace: false there.`;
}

function failureOf(
  container: string,
  statuses: readonly V1ContainerStatus[],
  nowMs: number,
): FirstFailure | undefined {
  const ends = statuses.flatMap(endsOf);
  const saying = ends.find(({ exitCode, message }) => exitCode !== 0 && SAYS_PID_1.test(message ?? ''));
  const times = statuses.reduce((sum, status) => sum + timesOf(status), 0);
  if (saying !== undefined) {
    const [said] = SAYS_PID_1.exec(saying.message ?? '') ?? [];
    return { container, times: Math.max(1, times), exitCode: saying.exitCode, said };
  }
  const last = ends.find(isAtOnce);
  if (last === undefined || times < LEAST_TIMES || statuses.some((status) => stayedUp(status, nowMs))) {
    return undefined;
  }
  return { container, times, exitCode: last.exitCode, said: undefined };
}

function isInjected({ metadata }: V1Pod): boolean {
  return metadata?.annotations?.[INJECTED_ANNOTATION] !== undefined;
}

function statusesOf({ status }: V1Pod): V1ContainerStatus[] {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return all.filter(({ name }) => name !== AGENT_CONTAINER);
}

function endsOf({ state, lastState }: V1ContainerStatus): V1ContainerStateTerminated[] {
  return [state?.terminated, lastState?.terminated].filter((end) => end !== undefined);
}

/** Restarts before the last are taken to have been like it. */
function timesOf({ state, lastState, restartCount }: V1ContainerStatus): number {
  const before = lastState?.terminated !== undefined && isAtOnce(lastState.terminated) ? restartCount : 0;
  return before + (state?.terminated !== undefined && isAtOnce(state.terminated) ? 1 : 0);
}

function isAtOnce(end: V1ContainerStateTerminated): boolean {
  return end.exitCode !== 0 && !KILLED.includes(end.exitCode) && livedMs(end) <= AT_ONCE_MS;
}

function stayedUp(status: V1ContainerStatus, nowMs: number): boolean {
  const startedAt = status.state?.running?.startedAt;
  if (startedAt !== undefined && nowMs - new Date(startedAt).getTime() >= STAYED_UP_MS) return true;
  return endsOf(status).some((end) => end.exitCode === 0 || livedMs(end) > AT_ONCE_MS);
}

function livedMs({ startedAt, finishedAt }: V1ContainerStateTerminated): number {
  if (startedAt === undefined || finishedAt === undefined) return Number.POSITIVE_INFINITY;
  return new Date(finishedAt).getTime() - new Date(startedAt).getTime();
}
