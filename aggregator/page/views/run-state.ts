import type { RunView } from '../../../protocol/query.ts';
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
  const { exitCode, signal, reason } = run.outcome ?? {};
  const failed = run.state === 'finished' && reason !== 'stopped' && (exitCode !== 0 || signal);
  const look = run.state === 'finished' && !failed ? 'ended-well' : failed ? 'failed' : run.state;
  return element('span', { class: `state ${look}` }, stateWords(run));
}
