/** Who may change the form of a run's history: the last one who claimed its next part. */
import { requireRun } from './runs.ts';
import type { Tables } from './tables.ts';

/** Answers the part's number. Within a write transaction. Throws PODO_RUN_NOT_FOUND. */
export function claimPart(tables: Tables, id: string): number {
  const run = requireRun(tables, id);
  const { nextPart } = run.seal;
  tables.runs.put(id, { ...run, seal: { ...run.seal, nextPart: nextPart + 1 } });
  return nextPart;
}
