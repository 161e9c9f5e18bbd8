import type { RunView } from '../../protocol/query.ts';
import type { Cell } from '../terminal/table.ts';

/** How a run stands or ended: `running`, `interrupted`, `exit 0`, `SIGKILL`, `detached`. */
export function stateCell({ state, outcome }: Pick<RunView, 'state' | 'outcome'>): Cell {
  if (state !== 'finished') return { text: state, meaning: 'caution' };
  if (outcome?.signal !== undefined) return { text: outcome.signal, meaning: 'bad' };
  if (outcome?.exitCode === undefined) return { text: outcome?.reason ?? state };
  return { text: `exit ${outcome.exitCode}`, meaning: outcome.exitCode === 0 ? 'good' : 'bad' };
}
