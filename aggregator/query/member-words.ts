import type { Workload } from '../../protocol/run.ts';

/** Where something is, of a run with several members: in one of its pods, or on a machine. */
export function memberPhrase(kind: Workload['kind'], name: string): string {
  return kind === 'Local' ? `on \`${name}\`` : `in pod \`${name}\``;
}

/** What a member of a run is. */
export function memberNoun(kind: Workload['kind']): 'member' | 'pod' {
  return kind === 'Local' ? 'member' : 'pod';
}
