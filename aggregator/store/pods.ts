/** Records of pods, and what they add to the members of a run. */
import type { Pod } from '../../protocol/pods.ts';
import { podKey, podRange } from './keys.ts';
import type { MemberRecord } from './model.ts';
import type { Tables } from './tables.ts';

/** A batch may arrive a little after its pod is gone; an agent that sends for longer is there all the same. */
const LAST_BATCHES_MS = 30_000;

export function readPods(tables: Tables, run: string): Pod[] {
  return [...(tables.pods?.getRange(podRange(run)) ?? [])].map(({ value }) => value);
}

/** Within a write transaction. */
export function writePods(tables: Tables, run: string, pods: readonly Pod[]): void {
  for (const pod of pods) tables.pods?.put(podKey(run, pod.uid), pod);
}

/** Within a write transaction. */
export function removePods(tables: Tables, run: string): void {
  for (const key of [...(tables.pods?.getKeys(podRange(run)) ?? [])]) tables.pods?.remove(key);
}

/**
 * The members with what their agents could not tell: exit codes, and the ends of those that were cut off. Where an agent
 * was started again in its pod, the one before has ended.
 */
export function withPodEnds(members: readonly MemberRecord[], pods: readonly Pod[]): readonly MemberRecord[] {
  if (members.every(({ podUid }) => podUid === undefined)) return members;
  const byUid = new Map(pods.map((pod) => [pod.uid, pod]));
  const lastOf = new Map(members.map(({ podUid, agent }) => [podUid, agent]));
  return members.map((member) => {
    const { podUid, lastSeenMs, agent } = member;
    if (podUid === undefined) return member;
    if (lastOf.get(podUid) !== agent)
      return { outcome: { endedAtMs: lastSeenMs, reason: 'unknown' }, ...member };
    const pod = byUid.get(podUid);
    if (pod?.outcome === undefined || isThereYet(pod, lastSeenMs)) return member;
    const endedAtMs = member.outcome?.endedAtMs ?? pod.outcome.endedAtMs;
    return { ...member, outcome: { ...pod.outcome, endedAtMs } };
  });
}

function isThereYet({ phase, goneAt }: Pod, lastSeenMs: number): boolean {
  const hasEnded = phase === 'Succeeded' || phase === 'Failed';
  return !hasEnded && goneAt !== undefined && lastSeenMs > Date.parse(goneAt) + LAST_BATCHES_MS;
}
