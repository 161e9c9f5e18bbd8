import type { RunView } from '../../protocol/query.ts';
import type { Cell } from '../terminal/table.ts';

/** How a run stands or ended: `running`, `interrupted`, `exit 0`, `exit 137 OOMKilled`, `SIGKILL`, `detached`, `Evicted`. */
export function stateCell({ state, outcome }: Pick<RunView, 'state' | 'outcome'>): Cell {
  if (state !== 'finished') return { text: state, meaning: 'caution' };
  if (outcome?.signal !== undefined) return { text: outcome.signal, meaning: 'bad' };
  if (outcome?.exitCode !== undefined) return exitCell(outcome.exitCode, outcome.cause);
  const hasFailed = outcome?.reason === 'failed' || outcome?.reason === 'deleted';
  return { text: outcome?.cause ?? outcome?.reason ?? state, meaning: hasFailed ? 'bad' : undefined };
}

/** `cause`: the API server's word for it. */
export function exitCell(exitCode: number, cause: string | undefined): Cell {
  const text = cause === undefined ? `exit ${exitCode}` : `exit ${exitCode} ${cause}`;
  return { text, meaning: exitCode === 0 ? 'good' : 'bad' };
}
