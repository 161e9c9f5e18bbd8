/**
 * Finds the run that a reference names:
 *
 *     ID                 a run's id, or the first 6 or more of its characters where no other id starts so
 *     WORKLOAD@N         run number N of the workload
 *     WORKLOAD@latest    its newest run; `WORKLOAD@-0` is the same
 *     WORKLOAD@-K        the run K before the newest
 */
import { PodometerError } from '../../protocol/errors.ts';
import type { RunRecord, Store } from '../store/model.ts';
import { nearest } from './nearest.ts';
import { runRef } from './run-view.ts';

export type RunIndex = Pick<Store, 'run' | 'runs' | 'runByNumber'>;

const SHORTEST_PREFIX = 6;
const MOST_CANDIDATES = 3;

/** Throws PODO_RUN_NOT_FOUND with the reference and what it may have meant. */
export function resolveRun(index: RunIndex, reference: string): RunRecord {
  const exact = index.run(reference);
  if (exact !== undefined) return exact;
  const at = reference.lastIndexOf('@');
  return at > 0
    ? ofWorkload(index, reference, reference.slice(0, at), reference.slice(at + 1))
    : byPrefix(index, reference);
}

function ofWorkload(index: RunIndex, reference: string, workload: string, which: string): RunRecord {
  const found = /^[1-9]\d*$/.test(which)
    ? index.runByNumber(workload, Number(which))
    : fromNewest(index, workload, which);
  if (found !== undefined) return found;
  const [newest] = index.runs({ workload });
  if (newest === undefined) throw unknownWorkload(index, reference, workload);
  throw notFound(`There is no run "${reference}"`, newestOf(index.runs({ workload })));
}

function fromNewest(index: RunIndex, workload: string, which: string): RunRecord | undefined {
  const back = which === 'latest' ? 0 : /^-\d+$/.test(which) ? -Number(which) : undefined;
  if (back === undefined) return undefined;
  let left = back;
  for (const run of index.runs({ workload })) {
    if (left === 0) return run;
    left -= 1;
  }
  return undefined;
}

function byPrefix(index: RunIndex, reference: string): RunRecord {
  const found: RunRecord[] = [];
  if (reference.length >= SHORTEST_PREFIX) {
    for (const run of index.runs()) if (run.id.startsWith(reference)) found.push(run);
  }
  const [only, ...others] = found;
  if (only === undefined) throw unknownWorkload(index, reference, reference);
  if (others.length === 0) return only;
  throw notFound(`"${reference}" is the beginning of ${found.length} run ids`, newestOf(found));
}

function unknownWorkload(index: RunIndex, reference: string, workload: string): PodometerError {
  const names = new Set<string>();
  for (const run of index.runs()) names.add(run.workload.name);
  const near = nearest(workload, [...names]).map((name) => `${name}@latest`);
  const hint = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : newestOf(index.runs());
  return notFound(`There is no run "${reference}"`, hint);
}

/** `runs`: newest first. */
function newestOf(runs: Iterable<RunRecord>): string {
  const found: string[] = [];
  for (const run of runs) {
    if (found.push(runRef(run)) === MOST_CANDIDATES) break;
  }
  if (found.length === 0) return 'There are no runs yet; `podometer run -- COMMAND` makes one.';
  return `The newest are ${found.join(', ')}.`;
}

function notFound(sentence: string, hint: string): PodometerError {
  const forms = 'A run is named by its id, WORKLOAD@N, WORKLOAD@latest or WORKLOAD@-1.';
  return new PodometerError('PODO_RUN_NOT_FOUND', sentence, `${hint} ${forms}`);
}
