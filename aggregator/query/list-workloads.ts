/** Every workload that has runs, the one that ran last first. */
import type { WorkloadsPage } from '../../protocol/query.ts';
import type { Workload } from '../../protocol/run.ts';
import type { RunRecord } from '../store/model.ts';
import { runView, type StateOf } from './run-view.ts';

/** `records`: newest first. */
export function listWorkloads(records: Iterable<RunRecord>, stateOf: StateOf): WorkloadsPage {
  const found = new Map<string, { readonly latest: RunRecord; runs: number }>();
  for (const record of records) {
    const key = identity(record.workload);
    const known = found.get(key);
    if (known === undefined) found.set(key, { latest: record, runs: 1 });
    else known.runs += 1;
  }
  return {
    workloads: [...found.values()].map(({ latest, runs }) => ({
      workload: latest.workload,
      runs,
      latest: runView(latest, stateOf(latest)),
    })),
  };
}

function identity({ kind, namespace = '', name }: Workload): string {
  return `${kind}/${namespace}/${name}`;
}
