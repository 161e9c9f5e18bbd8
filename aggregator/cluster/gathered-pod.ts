/** A pod's record, brought up to date with what is told of it now. */
import type { Pod, PodContainer } from '../../protocol/pods.ts';
import { podOutcome } from './pod-outcome.ts';
import { mergedSpells } from './spells.ts';

/** `now`: as the API server tells; `before`: as it is kept. What was told once and is told no more stays. */
export function gatheredPod(before: Pod | undefined, now: Pod, seenAtMs: number): Pod {
  const containers = now.containers.map((container) => {
    const known = before?.containers.find(({ name }) => name === container.name);
    return known === undefined ? container : gatheredContainer(known, container);
  });
  const { goneAt: _, outcome, ...kept } = before ?? now;
  const readyAt = before?.readyAt ?? now.readyAt;
  return withOutcome({ ...kept, ...now, ...(readyAt && { readyAt }), containers }, seenAtMs, outcome);
}

/** A pod that is there no more, ended at the latest now. */
export function gonePod(pod: Pod, seenAtMs: number): Pod {
  const { outcome, ...rest } = pod;
  return withOutcome({ ...rest, goneAt: new Date(seenAtMs).toISOString() }, seenAtMs, outcome);
}

/** A pod of which nothing is known but that its agent was there, and that it is not. */
export function unseenPod(name: string, uid: string, seenAtMs: number): Pod {
  return gonePod({ name, uid, phase: 'Unknown', containers: [] }, seenAtMs);
}

/** An end whose time was seen, not told, keeps the time at which it was seen first. */
function withOutcome(pod: Pod, seenAtMs: number, before: Pod['outcome']): Pod {
  const outcome = podOutcome(pod, before?.endedAtMs ?? seenAtMs);
  return outcome === undefined ? pod : { ...pod, outcome };
}

function gatheredContainer(before: PodContainer, now: PodContainer): PodContainer {
  const imageId = now.imageId ?? before.imageId;
  return {
    ...now,
    ...(imageId && { imageId }),
    restarts: Math.max(before.restarts, now.restarts),
    spells: mergedSpells(before.spells, now.spells),
  };
}
