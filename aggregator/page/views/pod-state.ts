/** How a container of a pod stands or ended, in words. Everything here is pure. */
import type { ContainerSpell, Pod, PodContainer } from '../../../protocol/pods.ts';
import { hasFailed } from '../../query/run-outcome.ts';

/** `isBad`: something broke. An end of which nobody knows how it came is none. */
export function podState(pod: Pod, container: PodContainer | undefined): { text: string; isBad: boolean } {
  const spell = container?.spells.at(-1);
  if (spell?.exitCode !== undefined)
    return { text: exitText(spell, pod.reason), isBad: spell.exitCode !== 0 };
  const { disruption, outcome, reason } = pod;
  const gone = disruption?.reason ?? outcome?.cause ?? outcome?.reason ?? reason;
  const isBad = disruption !== undefined || outcome === undefined || hasFailed(outcome);
  if (gone !== undefined) return { text: gone, isBad };
  if (spell !== undefined) return { text: 'running', isBad: false };
  return { text: container?.waiting ?? pod.phase.toLowerCase(), isBad: container?.waiting !== undefined };
}

/** `podReason`: why the pod ended, where the container does not tell. */
export function exitText({ exitCode, reason }: ContainerSpell, podReason: string | undefined): string {
  const isTold = reason === undefined || reason === 'Error' || reason === 'Completed';
  const cause = !isTold ? reason : exitCode === 0 ? undefined : podReason;
  return [`exit ${exitCode}`, cause].filter(Boolean).join(' ');
}
