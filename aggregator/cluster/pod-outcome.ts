/** How a pod ended, in the words of a run's outcome. */
import type { ContainerSpell, Pod } from '../../protocol/pods.ts';
import type { RunOutcome } from '../../protocol/run.ts';
import { latest } from './moment.ts';

/** Says that something else is to be asked, or nothing more than the exit code. */
const EMPTY_REASONS = new Set<string | undefined>([undefined, 'Error', 'Completed']);

/** Undefined while it goes on. `seenAtMs`: when its end was seen, where nothing tells when it was. */
export function podOutcome(pod: Pod, seenAtMs: number): RunOutcome | undefined {
  const endedAtMs = endOf(pod) ?? seenAtMs;
  if (pod.phase === 'Succeeded') return { endedAtMs, exitCode: 0, reason: 'exited' };
  if (pod.phase === 'Failed') return failure(pod, failedSpell(pod), endedAtMs);
  return pod.goneAt === undefined
    ? undefined
    : outcomeOfGone(pod, Math.min(endedAtMs, Date.parse(pod.goneAt)));
}

/** It was there in mid-run, and then not any more: what its containers did before they were told to stop is theirs. */
function outcomeOfGone(pod: Pod, endedAtMs: number): RunOutcome {
  const spells = lastSpells(pod, 'main');
  const failed = failedSpell(pod);
  const { deletedAt = pod.goneAt ?? '' } = pod;
  if (failed?.finishedAt !== undefined && failed.finishedAt < deletedAt)
    return failure(pod, failed, endedAtMs);
  const isDone = spells.length > 0 && spells.every((spell) => spell?.exitCode === 0);
  if (isDone && spells.every((spell) => (spell?.finishedAt ?? '') < deletedAt)) {
    return { endedAtMs, exitCode: 0, reason: 'exited' };
  }
  return { endedAtMs, reason: 'deleted', cause: pod.reason ?? pod.disruption?.reason ?? 'Deleted' };
}

function failure(pod: Pod, failed: ContainerSpell | undefined, endedAtMs: number): RunOutcome {
  const cause = [pod.reason, pod.disruption?.reason, failed?.reason].find((one) => !EMPTY_REASONS.has(one));
  return {
    endedAtMs,
    ...(failed?.exitCode === undefined
      ? { reason: 'failed' }
      : {
          reason: failed.signal === undefined ? 'exited' : 'signalled',
          exitCode: exitStatus(failed.exitCode),
        }),
    ...(failed?.signal !== undefined && { signal: failed.signal }),
    ...(cause !== undefined && { cause }),
  };
}

/** Windows and some runtimes have codes that a shell cannot show; none of them is 0. */
function exitStatus(code: number): number {
  return code === 0 ? 0 : code & 255 || 1;
}

/** The first to fail: others are often stopped because of it. A sidecar's end does not make a pod fail. */
function failedSpell(pod: Pod): ContainerSpell | undefined {
  return [...lastSpells(pod, 'main'), ...lastSpells(pod, 'init')]
    .filter((spell) => spell !== undefined)
    .filter(({ exitCode }) => exitCode !== undefined && exitCode !== 0)
    .toSorted((a, b) => ((a.finishedAt ?? '') < (b.finishedAt ?? '') ? -1 : 1))[0];
}

/** Of each container; undefined for one that never ran. */
function lastSpells({ containers }: Pod, role: 'main' | 'init'): (ContainerSpell | undefined)[] {
  return containers.filter((one) => one.role === role).map(({ spells }) => spells.at(-1));
}

/** When its last container ended, where that is known of each of them. */
function endOf(pod: Pod): number | undefined {
  const isOpen = lastSpells(pod, 'main').some(
    (spell) => spell !== undefined && spell.finishedAt === undefined,
  );
  const ends = pod.containers.flatMap(({ spells }) => spells.map(({ finishedAt }) => finishedAt));
  const end = (isOpen ? undefined : latest(ends)) ?? pod.disruption?.at;
  return end === undefined ? undefined : Date.parse(end);
}
