/** How a run as a whole ended. */
import type { RunOutcome } from '../../protocol/run.ts';
import type { RunRecord } from '../store/model.ts';
import type { RunState } from '../store/run-state.ts';

/** Their runs are revisions, which end when they are replaced or scaled down. */
const SERVICE_KINDS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/**
 * As its workload did, where that was told; else, once every member has ended, as the first member that failed, or as the
 * last to end. Undefined before that. `endedAtMs` is when the last of it ended.
 */
export function runOutcome(record: RunRecord, state: RunState): RunOutcome | undefined {
  if (state === 'running') return undefined;
  const { ending, members, pods, workload } = record;
  if (ending !== undefined) return ending;
  const outcomes = members.map(({ outcome }) => outcome).filter((outcome) => outcome !== undefined);
  const inOrder = outcomes.toSorted((a, b) => a.endedAtMs - b.endedAtMs);
  const last = inOrder.at(-1);
  if (last === undefined || outcomes.length < members.length) return undefined;
  const { endedAtMs } = last;
  if (pods !== undefined && SERVICE_KINDS.has(workload.kind)) return { endedAtMs, reason: 'stopped' };
  return { ...(inOrder.find(hasFailed) ?? last), endedAtMs };
}

/** What is not known to have failed has not. */
export function hasFailed({ signal, exitCode, reason }: RunOutcome): boolean {
  return signal !== undefined || Boolean(exitCode) || reason === 'failed' || reason === 'deleted';
}

/** Whether the run is finished, and nothing says that it failed. */
export function endedWell(record: RunRecord, state: RunState): boolean {
  const outcome = runOutcome(record, state);
  return state === 'finished' && !(outcome && hasFailed(outcome));
}
