import type { RunView } from '../../../protocol/query.ts';
import { hasFailed } from '../../query/run-outcome.ts';
import { element } from '../element.ts';

/** How a run stands or ended, in words. */
export function stateWords(run: Pick<RunView, 'state' | 'outcome'>): string {
  if (run.state !== 'finished') return run.state;
  const { outcome } = run;
  const cause = outcome?.cause === undefined ? '' : ` ${outcome.cause}`;
  if (outcome?.exitCode !== undefined) return `exit ${outcome.exitCode}${cause}`;
  return outcome?.signal ?? outcome?.cause ?? outcome?.reason ?? 'finished';
}

export function stateBadge(run: Pick<RunView, 'state' | 'outcome'>): HTMLElement {
  return element('span', { class: `state ${look(run)}` }, stateWords(run));
}

/** What is not known to have ended well or badly looks like neither. */
function look({ state, outcome }: Pick<RunView, 'state' | 'outcome'>): string {
  if (state !== 'finished') return state;
  if (outcome === undefined) return 'ended';
  if (hasFailed(outcome)) return 'failed';
  return outcome.exitCode === 0 || outcome.reason === 'stopped' ? 'ended-well' : 'ended';
}
